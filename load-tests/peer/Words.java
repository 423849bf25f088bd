import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up words, as often as words of real text are; the same at each run. */
final class Words {
    private static final int MEMORIES = 10_000;
    private static final int VOCABULARY = 6_000;

    static String word(int rank) {
        String syllables = "bacedifogunaperisolutamevikohy";
        StringBuilder word = new StringBuilder();
        for (int rest = rank + 225; rest > 0; rest /= 15) {
            int at = rest % 15 * 2;
            word.append(syllables, at, at + 2);
        }
        return word.toString();
    }

    private static int rank(Random random) {
        return (int) Math.pow(VOCABULARY, random.nextDouble()) - 1;
    }

    private static String text(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(word(rank(random)));
        }
        return text.toString();
    }

    /** Fifty queries of one to three words; the hundred most frequent words are left out, as nobody asks for "the". */
    static List<String> queries() {
        Random random = new Random(11);
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            List<String> words = new ArrayList<>();
            while (words.size() < 1 + i % 3) {
                int rank = rank(random);
                if (rank >= 100 && rank < 2_000) {
                    words.add(word(rank));
                }
            }
            queries.add(String.join(" ", words));
        }
        return queries;
    }

    static void fill(Path file) throws SQLException {
        Random random = new Random(7);
        long at = Instant.parse("2026-10-01T00:00:00Z").toEpochMilli();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            database.setAutoCommit(false);
            try (PreparedStatement session = database.prepareStatement(
                            "INSERT INTO sdk_sessions (content_session_id, memory_session_id, project, started_at, started_at_epoch)"
                                    + " VALUES (?, ?, 'larkspur', ?, ?)");
                    PreparedStatement observation = database.prepareStatement(
                            "INSERT INTO observations (memory_session_id, project, type, title, narrative, facts, concepts, files_read,"
                                    + " files_modified, prompt_number, created_at, created_at_epoch)"
                                    + " VALUES (?, 'larkspur', 'discovery', ?, ?, ?, '[]', '[]', ?, 1, ?, ?)")) {
                for (int i = 0; i < MEMORIES; i++, at += 60_000) {
                    String iso = Instant.ofEpochMilli(at).toString();
                    if (i % 100 == 0) {
                        session.setString(1, "c" + i / 100);
                        session.setString(2, "m" + i / 100);
                        session.setString(3, iso);
                        session.setLong(4, at);
                        session.executeUpdate();
                    }
                    observation.setString(1, "m" + i / 100);
                    observation.setString(2, text(random, 8));
                    observation.setString(3, text(random, 60));
                    observation.setString(4, "[\"" + text(random, 12) + "\"]");
                    observation.setString(5, "[\"src/" + word(rank(random)) + ".js\"]");
                    observation.setString(6, iso);
                    observation.setLong(7, at);
                    observation.executeUpdate();
                }
            }
            database.commit();
        }
    }
}
