package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries on the pool of readers.
 *
 * <p>Every query answers one column that holds a JSON array, and all its rows arrive as one array of these: the client asks the
 * driver for a type at every cell, so a query has one cell. SQLite keeps the order of the rows for {@code group_concat}. They
 * are read on the pool's worker threads, results arrive on the caller's context.
 */
final class Reads {
    private static final String BEGIN = "WITH answer (row) AS (";
    private static final String END = ") SELECT '[' || ifnull(group_concat(row), '') || ']' FROM answer";

    private final Pool pool;
    private volatile @Nullable String damage;

    Reads(Pool pool) {
        this.pool = pool;
    }

    /** What a read found wrong with the file; null while all is well. It does not mend itself. */
    @Nullable
    String damage() {
        return damage;
    }

    <T> Future<List<T>> all(Sql sql, Function<JsonNode, T> mapper) {
        return pool.preparedQuery(BEGIN + sql.text() + END)
                .collecting(Collectors.<Row, List<T>>reducing(
                        List.of(), row -> map(Json.tree(row.getString(0)), mapper), (none, rows) -> rows))
                .execute(sql.tuple())
                .map(SqlResult::value)
                .recover(failure -> {
                    if (StoreErrors.isDamage(failure)) {
                        damage = StoreErrors.toCairn(failure).getMessage();
                    }
                    return Future.failedFuture(StoreErrors.toCairn(failure));
                });
    }

    private static <T> List<T> map(JsonNode rows, Function<JsonNode, T> mapper) {
        List<T> mapped = new ArrayList<>(rows.size());
        rows.forEach(row -> mapped.add(mapper.apply(row)));
        return mapped;
    }

    <T> Future<@Nullable T> first(Sql sql, Function<JsonNode, T> mapper) {
        return all(sql, mapper).map(rows -> rows.isEmpty() ? null : rows.get(0));
    }
}
