package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A memory written by hand.
 *
 * @param text what to remember; 1 to 100,000 UTF-16 units
 * @param title at most 300 UTF-16 units; made from the text when null
 * @param type {@code note} when null; lower-case letters, digits, {@code -} and {@code _}, at most 32
 * @param project a project's key; 1 to 512 UTF-16 units
 * @param files paths it is about
 * @param createdAt epoch milliseconds; now when null
 * @param session the host's id of the session it was said in; 1 to 512 UTF-16 units. What is said in one session is searched
 *     together. Null for none
 * @param supersedes ids of observations that this one corrects, at most {@value #MAX_SUPERSEDED}; none when null. Without any, it
 *     corrects the newest one of the same title that was saved by hand in the project before
 */
public record NewMemory(
        String text,
        @Nullable String title,
        @Nullable String type,
        String project,
        List<String> facts,
        List<String> files,
        @Nullable Long createdAt,
        @Nullable String session,
        @Nullable List<Long> supersedes) {
    public static final int MAX_TEXT = 100_000;
    public static final int MAX_TITLE = 300;
    public static final int MAX_PROJECT = 512;
    public static final int MAX_SESSION = 512;
    public static final int MAX_SUPERSEDED = 20;

    public NewMemory {
        facts = List.copyOf(facts);
        files = List.copyOf(files);
        supersedes = supersedes == null ? List.of() : List.copyOf(supersedes);
    }

    /** One that corrects none by its id. */
    public NewMemory(
            String text,
            @Nullable String title,
            @Nullable String type,
            String project,
            List<String> facts,
            List<String> files,
            @Nullable Long createdAt,
            @Nullable String session) {
        this(text, title, type, project, facts, files, createdAt, session, List.of());
    }

    /** One that was said in no session. */
    public NewMemory(
            String text,
            @Nullable String title,
            @Nullable String type,
            String project,
            List<String> facts,
            List<String> files,
            @Nullable Long createdAt) {
        this(text, title, type, project, facts, files, createdAt, null);
    }

    /** Never null. */
    @Override
    public List<Long> supersedes() {
        return supersedes == null ? List.of() : supersedes;
    }
}
