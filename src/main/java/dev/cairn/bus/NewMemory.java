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
 */
public record NewMemory(
        String text,
        @Nullable String title,
        @Nullable String type,
        String project,
        List<String> facts,
        List<String> files,
        @Nullable Long createdAt) {
    public static final int MAX_TEXT = 100_000;
    public static final int MAX_TITLE = 300;
    public static final int MAX_PROJECT = 512;

    public NewMemory {
        facts = List.copyOf(facts);
        files = List.copyOf(files);
    }
}
