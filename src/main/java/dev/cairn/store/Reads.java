package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlResult;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries on the pool of readers.
 *
 * <p>Every query answers one column that holds a JSON array, because the client asks the driver for a column's type at every
 * cell. Rows are read on the pool's worker threads, results arrive on the caller's context.
 */
final class Reads {
    private final Pool pool;

    Reads(Pool pool) {
        this.pool = pool;
    }

    <T> Future<List<T>> all(Sql sql, Function<JsonNode, T> mapper) {
        return pool.preparedQuery(sql.text())
                .collecting(Collectors.mapping(row -> mapper.apply(Json.tree(row.getString(0))), Collectors.toList()))
                .execute(sql.tuple())
                .map(SqlResult::value)
                .recover(failure -> Future.failedFuture(StoreErrors.toCairn(failure)));
    }

    <T> Future<@Nullable T> first(Sql sql, Function<JsonNode, T> mapper) {
        return all(sql, mapper).map(rows -> rows.isEmpty() ? null : rows.get(0));
    }
}
