package dev.cairn.store;

import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import dev.cairn.model.CairnException;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Saves memories written by hand as observations, all or none. */
final class SaveCommand implements Command<List<Observation>> {
    static final String DEFAULT_TYPE = "note";

    private static final Pattern TYPE = Pattern.compile("[a-z0-9_-]{1,32}");
    private static final Pattern PLATFORM = Pattern.compile("[\\p{Graph}]{1,64}");
    private static final int MAX_ITEMS = 1_000;
    private static final int MAX_ITEM = 10_000;

    private final SaveMemories request;
    private final MemoryWriter memories;
    private final ProjectDirectory projects;
    private final long now;

    /**
     * @param now epoch milliseconds, for memories that name no time
     * @throws CairnException INVALID_ARGUMENT naming the field, such as {@code memories[3].text}
     */
    SaveCommand(SaveMemories request, MemoryWriter memories, ProjectDirectory projects, long now) {
        this.request = request;
        this.memories = memories;
        this.projects = projects;
        this.now = now;
        check();
    }

    @Override
    public List<Observation> run(Transaction tx) throws SQLException {
        List<Observation> saved = new ArrayList<>(request.memories().size());
        long before = 1 + tx.number("SELECT seq FROM sqlite_sequence WHERE name = 'memory'");
        for (int i = 0; i < request.memories().size(); i++) {
            saved.add(save(tx, request.memories().get(i), before, "memories[" + i + "]."));
        }
        return saved;
    }

    private Observation save(Transaction tx, NewMemory memory, long before, String at) throws SQLException {
        Long unknown = Supersession.unknown(tx, memory.supersedes());
        if (unknown != null) {
            throw CairnException.invalid(
                    at + "supersedes",
                    at + "supersedes: there is no observation with the id " + unknown
                            + "; give ids that a search shows");
        }
        Project project = projects.named(memory.project());
        long projectId = memories.project(tx, project);
        long createdAt = memory.createdAt() == null ? now : memory.createdAt();
        String title = memory.title() == null || memory.title().isBlank() ? null : memory.title();
        String type = memory.type() == null ? DEFAULT_TYPE : memory.type();
        long id = memories.observation(
                tx,
                new MemoryWriter.Place(
                        projectId,
                        session(tx, memory.session(), projectId, createdAt),
                        null,
                        request.platform(),
                        createdAt),
                type,
                title,
                null,
                memory.text(),
                memory.facts(),
                List.of(),
                memory.files(),
                List.of(),
                List.of());
        supersede(tx, memory, title, id, projectId, createdAt, before);
        return new Observation(
                id,
                project,
                request.platform(),
                memory.session(),
                null,
                type,
                Titles.of(title, memory.text(), type),
                null,
                memory.text(),
                memory.facts(),
                List.of(),
                memory.files(),
                List.of(),
                List.of(),
                createdAt);
    }

    private static void supersede(
            Transaction tx,
            NewMemory memory,
            @Nullable String title,
            long id,
            long projectId,
            long createdAt,
            long before)
            throws SQLException {
        for (long earlier : memory.supersedes()) {
            Supersession.link(tx, earlier, id);
        }
        if (memory.supersedes().isEmpty() && title != null && memory.session() == null) {
            Supersession.linkByTitle(tx, id, projectId, title, createdAt, before);
        }
    }

    /** The session of this id, that of who saves before another host's; else a new one. */
    private @Nullable Long session(Transaction tx, @Nullable String id, long projectId, long createdAt)
            throws SQLException {
        if (id == null) {
            return null;
        }
        Long known = tx.first(
                "SELECT id FROM session WHERE session_id = ? ORDER BY platform <> ?, id",
                row -> row.getLong(1),
                id,
                request.platform());
        return known != null
                ? known
                : tx.insert(
                        "INSERT INTO session (session_id, platform, project_id, started_at) VALUES (?, ?, ?, ?)",
                        id,
                        request.platform(),
                        projectId,
                        createdAt);
    }

    private void check() {
        List<NewMemory> all = request.memories();
        if (all.isEmpty() || all.size() > SaveMemories.MAX_MEMORIES) {
            throw CairnException.invalid(
                    "memories", "memories must be 1 to " + SaveMemories.MAX_MEMORIES + ", not " + all.size());
        }
        if (!PLATFORM.matcher(request.platform()).matches()) {
            throw CairnException.invalid("platform", "platform must be 1 to 64 visible characters without spaces");
        }
        for (int i = 0; i < all.size(); i++) {
            check(all.get(i), "memories[" + i + "].");
        }
    }

    private static void check(NewMemory memory, String at) {
        length(memory.text(), 1, NewMemory.MAX_TEXT, at + "text");
        if (memory.text().isBlank()) {
            throw CairnException.invalid(at + "text", at + "text is blank; say what to remember");
        }
        length(memory.title(), 0, NewMemory.MAX_TITLE, at + "title");
        length(memory.project(), 1, NewMemory.MAX_PROJECT, at + "project");
        if (memory.project().isBlank()) {
            throw CairnException.invalid(at + "project", at + "project is blank; name the project it belongs to");
        }
        if (memory.type() != null && !TYPE.matcher(memory.type()).matches()) {
            throw CairnException.invalid(
                    at + "type", at + "type must be 1 to 32 lower-case letters, digits, '-' or '_'");
        }
        length(memory.session(), 1, NewMemory.MAX_SESSION, at + "session");
        items(memory.facts(), at + "facts");
        items(memory.files(), at + "files");
        if (memory.supersedes().size() > NewMemory.MAX_SUPERSEDED) {
            throw CairnException.invalid(
                    at + "supersedes",
                    at + "supersedes has more than " + NewMemory.MAX_SUPERSEDED + " ids; save several memories");
        }
        if (memory.createdAt() != null && memory.createdAt() < 0) {
            throw CairnException.invalid(
                    at + "createdAt", at + "createdAt must be epoch milliseconds, not " + memory.createdAt());
        }
    }

    private static void items(List<String> items, String field) {
        if (items.size() > MAX_ITEMS) {
            throw CairnException.invalid(field, field + " has more than " + MAX_ITEMS + " items; save fewer");
        }
        for (int i = 0; i < items.size(); i++) {
            length(items.get(i), 1, MAX_ITEM, field + "[" + i + "]");
        }
    }

    private static void length(@Nullable String text, int min, int max, String field) {
        if (text != null && (text.length() < min || text.length() > max)) {
            throw CairnException.invalid(
                    field, field + " must have " + min + " to " + max + " characters, not " + text.length());
        }
    }
}
