package dev.cairn.store;

import com.sun.management.OperatingSystemMXBean;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.TurnWork;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures the queue through the bus, by hand and not as a test: {@code mvn test-compile}, then this class with the test class
 * path. It claims and completes turns of five tool uses, with few and with very many that wait.
 */
public final class QueueFigures {
    private static final int ROUNDS = 1_000;

    private QueueFigures() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        measure("warm-up", 100, 30);
        measure("200 sessions, 5 turns each", 200, 5);
        measure("200 sessions, 500 turns each", 200, 500);
        measure("20,000 sessions, 1 turn each", 20_000, 1);
    }

    private static void measure(String what, int sessions, int turns) throws IOException, SQLException {
        Path directory = Files.createTempDirectory("cairn-figures");
        try (StoreFixture store = new StoreFixture(directory)) {
            fill(store, sessions, turns);
            // The store looks for what waits when it opens.
            store.reopen();
            int rounds = Math.min(ROUNDS, sessions * turns);
            long[] claims = new long[rounds];
            long[] completions = new long[rounds];
            long cpu = cpuNanos();
            for (int i = 0; i < rounds; i++) {
                long begin = System.nanoTime();
                TurnWork work = store.ask(Addresses.STORE_CLAIM, new ClaimTurn("o", 1_000_000))
                        .work();
                claims[i] = System.nanoTime() - begin;
                if (work == null) {
                    throw new IllegalStateException("nothing waits");
                }
                begin = System.nanoTime();
                store.ask(
                        Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(), null));
                completions[i] = System.nanoTime() - begin;
            }
            cpu = cpuNanos() - cpu;
            Arrays.sort(claims);
            Arrays.sort(completions);
            System.out.println(String.format(
                    Locale.ROOT,
                    "%s: claim p50 %.2f ms, p90 %.2f ms; complete p50 %.2f ms; CPU %.2f ms for both",
                    what,
                    claims[rounds / 2] / 1e6,
                    claims[rounds * 9 / 10] / 1e6,
                    completions[rounds / 2] / 1e6,
                    cpu / 1e6 / rounds));
        }
    }

    private static void fill(StoreFixture store, int sessions, int turns) throws SQLException {
        String count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.executeUpdate("INSERT INTO project (id, key, name) VALUES (1, '/home/u/a', 'a')");
            statement.executeUpdate(String.format(Locale.ROOT, count, sessions)
                    + "INSERT INTO session (id, session_id, platform, project_id, started_at)"
                    + " SELECT i, 's' || i, 'claude-code', 1, i FROM n");
            statement.executeUpdate(String.format(Locale.ROOT, count, sessions * turns)
                    + "INSERT INTO turn (session_id, project_id, number, state, started_at, last_event_at)"
                    + " SELECT 1 + (i - 1) / " + turns + ", 1, 1 + (i - 1) % " + turns + ", 'pending', i, i FROM n");
            // So many turns as are looked at have something in them.
            int filled = sessions > ROUNDS ? ROUNDS : turns * sessions;
            statement.executeUpdate(String.format(Locale.ROOT, count, 5)
                    + "INSERT INTO tool_use (session_id, turn_id, project_id, created_at, tool_name, input, response)"
                    + " SELECT t.session_id, t.id, 1, i, 'Read', '{\"file\":\"a.txt\"}', '\"' || hex(randomblob(900)) || '\"'"
                    + " FROM (SELECT * FROM turn LIMIT " + filled + ") t, n ORDER BY t.id, i");
            statement.execute("COMMIT");
        }
    }

    /** On a machine that others use, the time that counts. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
