package dev.cairn.store;

import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Forgets in steps of bounded size, each a transaction of its own: whoever else writes is let in between. A request that
 * breaks off has forgotten a part; the same request again forgets the rest.
 */
final class Forgetter {
    /** Rows of one step, for somebody who waits for the answer. */
    private static final int STEP = 2_000;

    /** Rows of one step, and the rest after it, when nobody waits for the end and everybody else shall notice nothing. */
    private static final int SMALL_STEP = 250;

    private static final long REST_MS = 10;

    /** What goes. Each part is what follows a {@code SELECT} of columns of its table, named {@code m}. */
    interface Targets {
        /** Whether raw events go as well. */
        boolean rawToo();

        /** Whether sessions go that nothing is left of. */
        boolean sessionsToo();

        Sql memories();

        Sql toolUses();

        Sql notes();

        Sql sessions();
    }

    private final Vertx vertx;

    private final Writer writer;
    private final Filters filters;
    private final ProjectDirectory projects;
    private final MemoryTally tally;

    Forgetter(Vertx vertx, Writer writer, Filters filters, ProjectDirectory projects, MemoryTally tally) {
        this.vertx = vertx;
        this.writer = writer;
        this.filters = filters;
        this.projects = projects;
        this.tally = tally;
    }

    Future<Forgotten> forget(Forget request) {
        return filters.sessions(request.session()).compose(sessions -> {
            ForgetTargets targets = ForgetTargets.of(request, filters.projects(request.project()), sessions);
            if (targets.filter().fitsNothing()) {
                return Future.succeededFuture(new Forgotten(0, 0, 0, 0, 0, request.dryRun()));
            }
            return request.dryRun() ? writer.submit(tx -> count(tx, targets)) : new Run(targets, STEP, 0).go();
        });
    }

    /** Forgets in small steps with rests between them. */
    Future<Forgotten> forgetSlowly(Targets targets) {
        return new Run(targets, SMALL_STEP, REST_MS).go();
    }

    private static Forgotten count(Transaction tx, ForgetTargets targets) throws SQLException {
        int[] kinds = new int[4];
        tx.all(
                new Sql().add("SELECT m.kind, count(*)").add(targets.memories()).add(" GROUP BY m.kind"),
                row -> kinds[row.getInt(1)] = row.getInt(2));
        long toolUses =
                targets.rawToo() ? tx.number(new Sql().add("SELECT count(*)").add(targets.toolUses())) : 0;
        long sessions = 0;
        if (targets.sessionsToo()) {
            Sql sql = new Sql().add("SELECT count(*)").add(targets.sessions());
            List<Long> only = targets.filter().projects();
            if (only != null) {
                for (String table : List.of("memory", "tool_use", "turn")) {
                    sql.add(" AND NOT EXISTS (SELECT 1 FROM " + table + " o WHERE o.session_id = m.id AND NOT ")
                            .in("o.project_id", only)
                            .add(")");
                }
            }
            sessions = tx.number(sql);
        }
        return new Forgotten(
                kinds[Kinds.OBSERVATION],
                kinds[Kinds.SUMMARY],
                kinds[Kinds.PROMPT],
                (int) toolUses,
                (int) sessions,
                true);
    }

    /** One request, with what it has done so far. Its steps run on the writer's thread, one after the other. */
    private final class Run {
        private final Targets targets;
        private final int stepRows;
        private final long restMs;
        private final int[] kinds = new int[4];
        private final Set<Long> touchedTurns = new TreeSet<>();
        private final Set<Long> touchedProjects = new TreeSet<>();
        private int toolUses;
        private int sessions;
        private long lastMemory;
        private long lastToolUse;
        private long lastNote;

        Run(Targets targets, int stepRows, long restMs) {
            this.targets = targets;
            this.stepRows = stepRows;
            this.restMs = restMs;
        }

        Future<Forgotten> go() {
            return writer.submit(this::begin)
                    .compose(begun -> repeat(this::forgetMemories))
                    .compose(done -> targets.rawToo() ? repeat(this::forgetToolUses) : Future.succeededFuture())
                    .compose(done -> targets.rawToo() ? repeat(this::forgetNotes) : Future.succeededFuture())
                    .compose(done -> repeat(this::forgetEmptyTurns))
                    .compose(done -> targets.sessionsToo() ? repeat(this::forgetSessions) : Future.succeededFuture())
                    .compose(done -> writer.submit(this::forgetEmptyProjects))
                    .map(done -> new Forgotten(
                            kinds[Kinds.OBSERVATION],
                            kinds[Kinds.SUMMARY],
                            kinds[Kinds.PROMPT],
                            toolUses,
                            sessions,
                            false));
        }

        /** Runs the step until it finds less than a whole step's rows. */
        private Future<Void> repeat(Command<Integer> step) {
            return Repeat.whileTrue(() -> writer.submit(step)
                    .compose(rows -> rows < stepRows || restMs == 0
                            ? Future.succeededFuture(rows >= stepRows)
                            : vertx.timer(restMs).map(true)));
        }

        /** What is stored from now on is not meant, so the steps come to an end on a busy store too. */
        private boolean begin(Transaction tx) throws SQLException {
            lastMemory = tx.number("SELECT max(id) FROM memory");
            lastToolUse = tx.number("SELECT max(id) FROM tool_use");
            lastNote = tx.number("SELECT max(id) FROM turn_note");
            return true;
        }

        private record Row(long id, int kind, long turnId, long projectId) {}

        private int forgetMemories(Transaction tx) throws SQLException {
            List<Row> rows = rows(tx, "m.kind, m.turn_id, m.project_id", targets.memories(), lastMemory);
            String ids = json(rows.stream().map(Row::id).toList());
            List<Long> files = tx.all(
                    "SELECT DISTINCT file_id FROM memory_file WHERE memory_id IN (SELECT value FROM json_each(?))",
                    row -> row.getLong(1),
                    ids);
            VectorWork.forgetting(tx, ids);
            Supersession.forgetting(tx, ids);
            tx.update("DELETE FROM memory_fts WHERE rowid IN (SELECT value FROM json_each(?))", ids);
            tx.update("DELETE FROM memory WHERE id IN (SELECT value FROM json_each(?))", ids);
            VectorWork.forgotten(tx, ids);
            tx.update(
                    "DELETE FROM file WHERE id IN (SELECT value FROM json_each(?))"
                            + " AND NOT EXISTS (SELECT 1 FROM memory_file mf WHERE mf.file_id = file.id)",
                    json(files));
            tx.afterCommit(() -> {
                touch(rows);
                for (Row row : rows) {
                    kinds[row.kind()]++;
                    tally.add(row.projectId(), -1);
                }
            });
            return rows.size();
        }

        private int forgetToolUses(Transaction tx) throws SQLException {
            List<Row> rows = rows(tx, "0, m.turn_id, m.project_id", targets.toolUses(), lastToolUse);
            tx.update(
                    "DELETE FROM tool_use WHERE id IN (SELECT value FROM json_each(?))",
                    json(rows.stream().map(Row::id).toList()));
            tx.afterCommit(() -> {
                touch(rows);
                toolUses += rows.size();
            });
            return rows.size();
        }

        private int forgetNotes(Transaction tx) throws SQLException {
            List<Row> rows = rows(tx, "0, m.turn_id, t.project_id", targets.notes(), lastNote);
            tx.update(
                    "DELETE FROM turn_note WHERE id IN (SELECT value FROM json_each(?))",
                    json(rows.stream().map(Row::id).toList()));
            tx.afterCommit(() -> touch(rows));
            return rows.size();
        }

        /** A turn with nothing left in it must not be handed to an observer. */
        private int forgetEmptyTurns(Transaction tx) throws SQLException {
            List<Long> turns = touchedTurns.stream().limit(stepRows).toList();
            tx.update(
                    "DELETE FROM turn WHERE id IN (SELECT value FROM json_each(?))"
                            + " AND NOT EXISTS (SELECT 1 FROM memory m WHERE m.turn_id = turn.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM tool_use u WHERE u.turn_id = turn.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM turn_note n WHERE n.turn_id = turn.id)",
                    json(turns));
            tx.afterCommit(() -> turns.forEach(touchedTurns::remove));
            return turns.size();
        }

        private int forgetSessions(Transaction tx) throws SQLException {
            Sql sql = new Sql()
                    .add("SELECT m.id, m.project_id")
                    .add(targets.sessions())
                    .add(" AND NOT EXISTS (SELECT 1 FROM turn o WHERE o.session_id = m.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM memory o WHERE o.session_id = m.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM tool_use o WHERE o.session_id = m.id) LIMIT " + stepRows);
            Set<Long> owners = new HashSet<>();
            List<Long> ids = tx.all(sql, row -> {
                owners.add(row.getLong(2));
                return row.getLong(1);
            });
            tx.update("DELETE FROM session WHERE id IN (SELECT value FROM json_each(?))", json(ids));
            tx.afterCommit(() -> {
                sessions += ids.size();
                touchedProjects.addAll(owners);
            });
            return ids.size();
        }

        private boolean forgetEmptyProjects(Transaction tx) throws SQLException {
            List<Long> gone = tx.all(
                    "DELETE FROM project WHERE id IN (SELECT value FROM json_each(?))"
                            + " AND NOT EXISTS (SELECT 1 FROM memory o WHERE o.project_id = project.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM tool_use o WHERE o.project_id = project.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM turn o WHERE o.project_id = project.id)"
                            + " AND NOT EXISTS (SELECT 1 FROM session o WHERE o.project_id = project.id) RETURNING id",
                    row -> row.getLong(1),
                    json(touchedProjects));
            tx.afterCommit(() -> gone.forEach(projects::remove));
            return true;
        }

        private List<Row> rows(Transaction tx, String columns, Sql from, long last) throws SQLException {
            Sql sql = new Sql().add("SELECT m.id, " + columns).add(from).add(" AND m.id <= ? LIMIT " + stepRows, last);
            return tx.all(sql, row -> new Row(row.getLong(1), row.getInt(2), row.getLong(3), row.getLong(4)));
        }

        private void touch(List<Row> rows) {
            for (Row row : rows) {
                if (row.turnId() != 0) {
                    touchedTurns.add(row.turnId());
                }
                touchedProjects.add(row.projectId());
            }
        }

        private static String json(Collection<Long> ids) {
            return WireFormat.encode(List.copyOf(ids));
        }
    }
}
