package dev.cairn.store;

import dev.cairn.bus.NewSummary;
import dev.cairn.model.CommandRun;
import dev.cairn.model.Project;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores memories together with all that finds them: the full-text index, files and concepts. */
final class MemoryWriter {
    /**
     * Where a memory belongs.
     *
     * @param id the id it is to have, which must be free; null for the next one
     */
    record Place(
            @Nullable Long id,
            long projectId,
            @Nullable Long sessionId,
            @Nullable Long turnId,
            String platform,
            long createdAt) {
        Place(long projectId, @Nullable Long sessionId, @Nullable Long turnId, String platform, long createdAt) {
            this(null, projectId, sessionId, turnId, platform, createdAt);
        }
    }

    private final ProjectDirectory projects;
    private final MemoryTally tally;

    MemoryWriter(ProjectDirectory projects, MemoryTally tally) {
        this.projects = projects;
        this.tally = tally;
    }

    /** The project's id; the project is made, or gets its new name, when needed. */
    long project(Transaction tx, Project project) throws SQLException {
        Long known = projects.idOf(project.key());
        if (known != null && project.equals(projects.get(known))) {
            return known;
        }
        Long id = ofGuess(tx, project);
        if (id == null) {
            id = upsert(tx, project);
        }
        long made = id;
        tx.afterCommit(() -> projects.put(made, project));
        return made;
    }

    /** The directory of a project of which only the name was known is told: what was stored of it is stored of this one. */
    private static @Nullable Long ofGuess(Transaction tx, Project project) throws SQLException {
        String guess = Project.named(project.name()).key();
        Long id = project.guessed()
                ? null
                : tx.first(
                        "UPDATE project SET key = ? WHERE key = ? AND NOT EXISTS (SELECT 1 FROM project WHERE key = ?)"
                                + " RETURNING id",
                        row -> row.getLong(1),
                        project.key(),
                        guess,
                        project.key());
        if (id != null) {
            VectorWork.movedProject(tx, id);
        }
        return id;
    }

    private static long upsert(Transaction tx, Project project) throws SQLException {
        Long id = tx.first(
                "INSERT INTO project (key, name) VALUES (?, ?)"
                        + " ON CONFLICT (key) DO UPDATE SET name = excluded.name RETURNING id",
                row -> row.getLong(1),
                project.key(),
                project.name());
        if (id == null) {
            throw new IllegalStateException("an upsert answered no id");
        }
        return id;
    }

    long prompt(Transaction tx, Place place, String text) throws SQLException {
        long id = tx.insert(
                "INSERT INTO memory (id, kind, project_id, session_id, turn_id, created_at, platform, text)"
                        + " VALUES (?, 3, ?, ?, ?, ?, ?, ?)",
                place.id(),
                place.projectId(),
                place.sessionId(),
                place.turnId(),
                place.createdAt(),
                place.platform(),
                text);
        indexPrompt(tx, id, place.projectId(), text);
        tx.afterCommit(() -> tally.add(place.projectId(), 1));
        return id;
    }

    /** @param title null when it is only the begin of the narrative: then only the narrative is indexed */
    long observation(
            Transaction tx,
            Place place,
            String type,
            @Nullable String title,
            @Nullable String subtitle,
            @Nullable String narrative,
            List<String> facts,
            List<String> concepts,
            List<String> filesRead,
            List<String> filesModified,
            List<CommandRun> commands)
            throws SQLException {
        long id = tx.insert(
                "INSERT INTO memory (id, kind, project_id, session_id, turn_id, created_at, platform, type, title,"
                        + " subtitle, text, facts, concepts, files_read, files_modified, commands)"
                        + " VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                place.id(),
                place.projectId(),
                place.sessionId(),
                place.turnId(),
                place.createdAt(),
                place.platform(),
                type,
                title,
                subtitle,
                narrative,
                Json.column(facts),
                Json.column(concepts),
                Json.column(filesRead),
                Json.column(filesModified),
                Json.column(commands));
        indexObservation(
                tx,
                id,
                place.projectId(),
                type,
                title,
                subtitle,
                narrative,
                facts,
                concepts,
                MemoryText.union(filesRead, filesModified),
                commands);
        tx.afterCommit(() -> tally.add(place.projectId(), 1));
        return id;
    }

    /** How often a session brought the same observation. */
    void times(Transaction tx, long id, int times) throws SQLException {
        tx.update("UPDATE memory SET times = max(times, ?) WHERE id = ?", times, id);
    }

    /** Stores the summary of a turn, in the place and under the id of an earlier one when there is one. */
    long summary(Transaction tx, Place place, NewSummary summary) throws SQLException {
        long earlier = tx.number("SELECT id FROM memory WHERE turn_id = ? AND kind = 2", place.turnId());
        long id = earlier;
        if (earlier == 0) {
            id = tx.insert(
                    "INSERT INTO memory (id, kind, project_id, session_id, turn_id, created_at, platform)"
                            + " VALUES (?, 2, ?, ?, ?, ?, ?)",
                    place.id(),
                    place.projectId(),
                    place.sessionId(),
                    place.turnId(),
                    place.createdAt(),
                    place.platform());
            tx.afterCommit(() -> tally.add(place.projectId(), 1));
        }
        tx.update(
                "UPDATE memory SET project_id = ?, created_at = ?, request = ?, investigated = ?, learned = ?,"
                        + " completed = ?, next_steps = ?, notes = ?, files_read = ?, files_modified = ? WHERE id = ?",
                place.projectId(),
                place.createdAt(),
                summary.request(),
                summary.investigated(),
                summary.learned(),
                summary.completed(),
                summary.nextSteps(),
                summary.notes(),
                Json.column(summary.filesRead()),
                Json.column(summary.filesModified()),
                id);
        if (earlier != 0) {
            tx.update("DELETE FROM memory_fts WHERE rowid = ?", id);
            tx.update("DELETE FROM memory_file WHERE memory_id = ?", id);
            VectorWork.changed(tx, id);
        }
        indexSummary(tx, id, place.projectId(), summary);
        return id;
    }

    /** Makes a prompt that is stored findable. */
    static void indexPrompt(Transaction tx, long id, long projectId, String text) throws SQLException {
        index(tx, id, "", text, Scope.words(projectId, Kinds.PROMPT, null));
    }

    /** Makes an observation that is stored findable. */
    static void indexObservation(
            Transaction tx,
            long id,
            long projectId,
            String type,
            @Nullable String title,
            @Nullable String subtitle,
            @Nullable String narrative,
            List<String> facts,
            List<String> concepts,
            List<String> files,
            List<CommandRun> commands)
            throws SQLException {
        String body = MemoryText.observation(narrative, facts, commands, concepts, files);
        String searched = subtitle == null ? body : subtitle + "\n" + body;
        index(tx, id, title == null ? "" : title, searched, Scope.words(projectId, Kinds.OBSERVATION, type));
        files(tx, id, files);
        for (String concept : concepts) {
            tx.update("INSERT OR IGNORE INTO memory_concept (concept, memory_id) VALUES (?, ?)", concept, id);
        }
    }

    /** Makes a summary that is stored findable. */
    static void indexSummary(Transaction tx, long id, long projectId, NewSummary summary) throws SQLException {
        List<String> files = MemoryText.union(summary.filesRead(), summary.filesModified());
        String body = MemoryText.summary(
                summary.investigated(),
                summary.learned(),
                summary.completed(),
                summary.nextSteps(),
                summary.notes(),
                String.join("\n", files));
        String request = summary.request() == null ? "" : summary.request();
        index(tx, id, request, body, Scope.words(projectId, Kinds.SUMMARY, null));
        files(tx, id, files);
    }

    private static void index(Transaction tx, long id, String title, String body, String scope) throws SQLException {
        tx.update(
                "INSERT INTO memory_fts (rowid, title, body, parts, scope) VALUES (?, ?, ?, ?, ?)",
                id,
                FtsText.indexed(title),
                FtsText.indexed(body),
                NameParts.of(title, body),
                scope);
    }

    private static void files(Transaction tx, long id, List<String> files) throws SQLException {
        for (String path : files) {
            tx.update("INSERT OR IGNORE INTO file (path) VALUES (?)", path);
            tx.update(
                    "INSERT OR IGNORE INTO memory_file (file_id, memory_id) SELECT id, ? FROM file WHERE path = ?",
                    id,
                    path);
        }
    }
}
