package dev.cairn.store;

import dev.cairn.bus.Ingested.Result;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys that senders gave their events and batches, and what became of those. A key is kept for {@value #KEPT_DAYS} days, but
 * no more than the newest {@value #MOST} of all. For one run of a command.
 */
final class IngestionKeys {
    static final int KEPT_DAYS = 7;
    static final int MOST = 1_000_000;
    /** More than a command can add, so that the table shrinks; few enough to keep nobody waiting. */
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final Transaction tx;
    private final long now;

    /** @param now epoch milliseconds */
    IngestionKeys(Transaction tx, long now) {
        this.tx = tx;
        this.now = now;
    }

    static byte[] ofEvent(String platform, String key) {
        return digest("event", platform, key);
    }

    static byte[] ofBatch(String key) {
        return digest("batch", "", key);
    }

    private static byte[] digest(String scope, String platform, String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return sha.digest((scope + '\0' + platform + '\0' + key).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What became of it; null when the key is new. */
    @Nullable
    List<Result> find(byte[] digest) throws SQLException {
        return tx.first("SELECT results FROM ingestion_key WHERE digest = ?", row -> results(row.getString(1)), digest);
    }

    void keep(byte[] digest, List<Result> results) throws SQLException {
        StringBuilder letters = new StringBuilder(results.size());
        results.forEach(result -> letters.append(letter(result)));
        tx.update(
                "INSERT INTO ingestion_key (digest, results, created_at) VALUES (?, ?, ?)",
                digest,
                letters.toString(),
                now);
    }

    void forgetOld() throws SQLException {
        tx.update(
                "DELETE FROM ingestion_key WHERE id IN (SELECT id FROM ingestion_key WHERE created_at < ? LIMIT "
                        + FORGOTTEN_AT_ONCE + ")",
                now - TimeUnit.DAYS.toMillis(KEPT_DAYS));
        tx.update(
                "DELETE FROM ingestion_key WHERE id IN (SELECT id FROM ingestion_key"
                        + " WHERE id <= (SELECT max(id) FROM ingestion_key) - ? ORDER BY id LIMIT " + FORGOTTEN_AT_ONCE
                        + ")",
                MOST);
    }

    private static List<Result> results(String letters) {
        List<Result> results = new ArrayList<>(letters.length());
        for (int i = 0; i < letters.length(); i++) {
            results.add(result(letters.charAt(i)));
        }
        return results;
    }

    private static char letter(Result result) {
        return switch (result) {
            case STORED -> 's';
            case DUPLICATE -> 'd';
            case COUNTED -> 'c';
            case EXCLUDED -> 'x';
        };
    }

    private static Result result(char letter) {
        return switch (letter) {
            case 's' -> Result.STORED;
            case 'd' -> Result.DUPLICATE;
            case 'c' -> Result.COUNTED;
            default -> Result.EXCLUDED;
        };
    }
}
