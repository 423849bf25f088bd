package dev.cairn.store;

import java.sql.SQLException;

/**
 * One write. It runs on the writer's thread inside a transaction that it shares with others; when it fails, that transaction
 * is rolled back and the command runs once more in one of its own, so it must keep no state between runs.
 */
interface Command<T> {
    T run(Transaction tx) throws SQLException;
}
