package dev.cairn.store;

import dev.cairn.bus.NewSummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes every memory of a database findable whose indexes are empty. */
final class Reindex {
    private static final int ROWS = 500;

    private final Transaction tx;

    Reindex(Transaction tx) {
        this.tx = tx;
    }

    private record Row(
            long id,
            int kind,
            long projectId,
            @Nullable String type,
            @Nullable String title,
            @Nullable String subtitle,
            @Nullable String text,
            List<String> facts,
            List<String> concepts,
            List<String> filesRead,
            List<String> filesModified,
            @Nullable String commands,
            NewSummary summary) {
        static Row read(ResultSet row) throws SQLException {
            List<String> filesRead = texts(row.getString("files_read"));
            List<String> filesModified = texts(row.getString("files_modified"));
            return new Row(
                    row.getLong("id"),
                    row.getInt("kind"),
                    row.getLong("project_id"),
                    row.getString("type"),
                    row.getString("title"),
                    row.getString("subtitle"),
                    row.getString("text"),
                    texts(row.getString("facts")),
                    texts(row.getString("concepts")),
                    filesRead,
                    filesModified,
                    row.getString("commands"),
                    new NewSummary(
                            row.getString("request"),
                            row.getString("investigated"),
                            row.getString("learned"),
                            row.getString("completed"),
                            row.getString("next_steps"),
                            row.getString("notes"),
                            filesRead,
                            filesModified,
                            row.getLong("created_at")));
        }

        private static List<String> texts(@Nullable String json) {
            return json == null ? List.of() : Json.texts(Json.tree(json));
        }
    }

    /** All of them within the transaction that is under way. */
    void rows() throws SQLException {
        List<Row> rows = next(0);
        while (!rows.isEmpty()) {
            for (Row row : rows) {
                index(row);
            }
            rows = next(rows.get(rows.size() - 1).id());
        }
    }

    /** In transactions of its own. */
    void run() throws SQLException {
        long last = 0;
        List<Row> rows = next(last);
        while (!rows.isEmpty()) {
            tx.begin();
            for (Row row : rows) {
                index(row);
                last = row.id();
            }
            tx.commit();
            rows = next(last);
        }
    }

    private List<Row> next(long after) throws SQLException {
        return tx.all("SELECT * FROM memory WHERE id > ? ORDER BY id LIMIT " + ROWS, Row::read, after);
    }

    private void index(Row row) throws SQLException {
        switch (row.kind()) {
            case Kinds.OBSERVATION ->
                MemoryWriter.indexObservation(
                        tx,
                        row.id(),
                        row.projectId(),
                        row.type() == null ? SaveCommand.DEFAULT_TYPE : row.type(),
                        row.title(),
                        row.subtitle(),
                        row.text(),
                        row.facts(),
                        row.concepts(),
                        MemoryText.union(row.filesRead(), row.filesModified()),
                        row.commands() == null ? List.of() : Json.commands(Json.tree(row.commands())));
            case Kinds.SUMMARY -> MemoryWriter.indexSummary(tx, row.id(), row.projectId(), row.summary());
            default -> MemoryWriter.indexPrompt(tx, row.id(), row.projectId(), row.text() == null ? "" : row.text());
        }
    }
}
