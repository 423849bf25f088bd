package dev.cairn.store;

import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is known of the content of a database that another process writes: its projects, and how many memories they have.
 *
 * <p>SQLite says on one connection whether another has committed since it was last asked, for the price of a look at the
 * log's index. Only then is anything read again: the projects always, so that a query finds what was committed before it;
 * the count, which walks an index, so seldom that it takes no more than a part of the time.
 */
final class FreshContent {
    /** After a count of so many nanoseconds there is none for this many times as long. */
    private static final int REST = 20;

    private final Vertx vertx;
    private final Connection connection;
    private final ProjectDirectory projects = new ProjectDirectory();
    private final MemoryTally tally = new MemoryTally();
    private long version = -1;
    private boolean countIsOld = true;
    private long countAgainAt;

    /** @param connection owned from now on; SQLite's word is about one connection, so nobody else may use it */
    FreshContent(Vertx vertx, Connection connection) {
        this.vertx = vertx;
        this.connection = connection;
        this.countAgainAt = System.nanoTime();
    }

    ProjectDirectory projects() {
        return projects;
    }

    MemoryTally tally() {
        return tally;
    }

    /** Reads when what is known covers every commit up to now. */
    <T> Future<T> then(Supplier<Future<T>> read) {
        return refresh().compose(fresh -> read.get());
    }

    /** Ordered on the caller's context, so one at a time. */
    Future<Void> refresh() {
        return vertx.<Void>executeBlocking(() -> {
                    bringUpToDate();
                    return null;
                })
                .recover(failure -> Future.failedFuture(StoreErrors.toCairn(failure)));
    }

    Future<Void> close() {
        return vertx.executeBlocking(() -> {
            connection.close();
            return null;
        });
    }

    private synchronized void bringUpToDate() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long now = number(statement, "PRAGMA data_version");
            if (now != version) {
                // A newer worker may have taken over the data directory since.
                Migrations.requireNewest((int) number(statement, "PRAGMA user_version"), "the database");
                projects.set(readProjects(statement));
                countIsOld = true;
                version = now;
            }
            if (countIsOld && System.nanoTime() - countAgainAt >= 0) {
                long begin = System.nanoTime();
                tally.set(count(statement));
                long end = System.nanoTime();
                countAgainAt = end + REST * (end - begin);
                countIsOld = false;
            }
        }
    }

    private static long number(Statement statement, String pragma) throws SQLException {
        try (ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static Map<Long, Project> readProjects(Statement statement) throws SQLException {
        Map<Long, Project> found = new TreeMap<>();
        try (ResultSet row = statement.executeQuery("SELECT id, key, name FROM project")) {
            while (row.next()) {
                found.put(row.getLong(1), new Project(row.getString(2), row.getString(3)));
            }
        }
        return found;
    }

    private static Map<Long, Long> count(Statement statement) throws SQLException {
        Map<Long, Long> counted = new HashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT project_id, count(*) FROM memory GROUP BY project_id")) {
            while (row.next()) {
                counted.put(row.getLong(1), row.getLong(2));
            }
        }
        return counted;
    }
}
