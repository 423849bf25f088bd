package dev.cairn.load;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Search by words and meaning: hooks while 10,000 memories are embedded in the background, then searches over them, and, when asked,
 * over 100,000. The vectors of those beyond the first 10,000 are those of the first with noise, as embedding them takes most of an hour.
 */
final class Meaning {
    private static final int FIRST = 10_000;
    private static final int LARGE = 100_000;
    private static final Pattern VECTORS = Pattern.compile("\"indexed\":(\\d+),\"total\":(\\d+)");

    private final Path jar;
    private final Corpus corpus = new Corpus();
    private final List<String> missed = new ArrayList<>();

    private Meaning(Path jar) {
        this.jar = jar;
    }

    /** @return the goals that were missed */
    static List<String> measure(Path jar, boolean large) throws Exception {
        Meaning meaning = new Meaning(jar);
        meaning.run(large);
        return meaning.missed;
    }

    private void run(boolean large) throws Exception {
        try (Servers servers = new Servers(jar, Map.of("CAIRN_VECTOR_MODE", "embedded"))) {
            double alone = hooks(servers, 20);
            fill(servers, FIRST);
            double beside = hooks(servers, 20);
            boolean indexing = waiting(servers) > 0;
            String figure = String.format(
                    Locale.ROOT, "%.1f× their p99 alone (%.2f ms of %.2f ms)", beside / alone, beside, alone);
            row("hooks at 50/s while 10,000 memories are embedded", figure, "≤ 2×", indexing && beside <= 2 * alone);
            long begin = System.nanoTime();
            long left = waiting(servers);
            while (waiting(servers) > 0) {
                // The index tells its progress to whoever asks.
                Thread.sleep(500);
            }
            double rate = left / ((System.nanoTime() - begin) / 1e9);
            row("embedding in the background", String.format(Locale.ROOT, "%.0f memories/s", rate), "stated", true);
            searches(servers, "10,000", 15);
            row("resident memory", servers.residentMegabytes() + " MB", "≤ 300 MB", servers.residentMegabytes() <= 300);
            if (large) {
                fill(servers, LARGE - FIRST);
                servers.endWorker();
                multiply(servers.database());
                servers.startWorker();
                try (dev.cairn.load.Connection connection = new dev.cairn.load.Connection(servers.workerPort)) {
                    connection.exchange(connection.get("/api/search?query=anything"));
                }
                while (waiting(servers) > 0) {
                    Thread.sleep(500);
                }
                searches(servers, "100,000", 40);
                row("resident memory, 100,000", servers.residentMegabytes() + " MB", "stated", true);
            }
        }
    }

    private double hooks(Servers servers, double seconds) throws Exception {
        Load.Requests hooks = (connection, client, i) -> connection.post(
                "/hooks/PostToolUse",
                "{\"session_id\":\"load-" + client + "\",\"cwd\":\"/home/dev/load\",\"hook_event_name\":\"PostToolUse\","
                        + "\"tool_name\":\"Read\",\"tool_input\":{\"file_path\":\"/a\"},\"tool_response\":{},"
                        + "\"tool_use_id\":\"t-" + System.nanoTime() + "-" + client + "-" + i + "\"}");
        Load.closed(servers.workerPort, 4, 4, hooks);
        return Load.paced(servers.workerPort, 4, 50, seconds, hooks).micros(99) / 1000;
    }

    private void fill(Servers servers, int count) throws IOException {
        try (dev.cairn.load.Connection connection = new dev.cairn.load.Connection(servers.workerPort)) {
            for (int i = 0; i < count; i += 1_000) {
                connection.exchange(connection.post("/api/memories", corpus.memories(1_000, "load")));
            }
        }
    }

    private static long waiting(Servers servers) throws IOException {
        try (dev.cairn.load.Connection connection = new dev.cairn.load.Connection(servers.workerPort)) {
            String stats = connection.exchange(connection.get("/api/stats"));
            Matcher vectors = VECTORS.matcher(stats);
            if (!vectors.find()) {
                throw new IOException("no vectors in " + stats);
            }
            return Long.parseLong(vectors.group(2)) - Long.parseLong(vectors.group(1));
        }
    }

    private void searches(Servers servers, String rows, double goal) throws Exception {
        for (String strategy : List.of("&strategy=keyword", "&strategy=semantic", "")) {
            Load.Requests search = (connection, client, i) ->
                    connection.get("/api/search?limit=20&project=load&query=" + query() + strategy);
            Load.closed(servers.workerPort, 1, 12, search);
            long cpu = servers.workerCpuNanos();
            Load.Result result = Load.closed(servers.workerPort, 1, 10, search);
            double cpuMs = (servers.workerCpuNanos() - cpu) / 1e6 / result.requests();
            double p50 = result.micros(50) / 1000;
            String what = strategy.isEmpty() ? "words and meaning" : strategy.contains("key") ? "words" : "meaning";
            row(
                    "search by " + what + ", five words, " + rows,
                    String.format(
                            Locale.ROOT,
                            "p50 %.1f ms, p99 %.1f ms, %.1f ms of processor time",
                            p50,
                            result.micros(99) / 1000,
                            cpuMs),
                    strategy.isEmpty() ? String.format(Locale.ROOT, "p50 ≤ %.0f ms", goal) : "stated",
                    !strategy.isEmpty() || p50 <= goal);
        }
    }

    private String query() {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            query.append(i == 0 ? "" : "+").append(corpus.searched());
        }
        return query.toString();
    }

    /** Gives every memory without a vector that of another, with noise. */
    private static void multiply(Path database) throws SQLException {
        Random random = new Random(7);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            List<float[]> known = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT embedding FROM vector")) {
                while (rows.next()) {
                    known.add(Vectors.floats(rows.getBytes(1)));
                }
            }
            List<Long> without = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT id FROM memory WHERE id NOT IN (SELECT memory_id FROM vector) ORDER BY id")) {
                while (rows.next()) {
                    without.add(rows.getLong(1));
                }
            }
            try (PreparedStatement vector = connection.prepareStatement(
                            "INSERT INTO vector (space_id, memory_id, embedding) SELECT max(id), ?, ? FROM vector_space");
                    PreparedStatement sync = connection.prepareStatement(
                            "INSERT OR REPLACE INTO vector_sync (memory_id, state) VALUES (?, 2)")) {
                for (long id : without) {
                    vector.setLong(1, id);
                    vector.setBytes(2, Vectors.noisy(known.get(random.nextInt(known.size())), random));
                    vector.executeUpdate();
                    sync.setLong(1, id);
                    sync.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    private void row(String what, String figure, String goal, boolean met) {
        System.out.println("| " + what + " | " + figure + " | " + goal + " |");
        if (!met) {
            missed.add(what + ": " + figure + ", goal " + goal);
        }
    }
}
