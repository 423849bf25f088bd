package dev.cairn.store;

import static dev.cairn.store.StoreFixture.await;
import static dev.cairn.store.StoreFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterTest {
    @TempDir
    Path directory;

    private Vertx vertx;
    private Writer writer;

    @BeforeEach
    void open() throws SQLException {
        vertx = Vertx.vertx();
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
            statement.execute("CREATE TABLE event_count (name TEXT PRIMARY KEY, count INTEGER)");
        }
        writer = new Writer(vertx, new Transaction(connection), new Checkpointer(connect()), 64);
    }

    @AfterEach
    void close() {
        await(writer.close());
        await(vertx.close());
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("t.db"));
    }

    private List<Long> stored() {
        List<Long> numbers = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n FROM t ORDER BY n")) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return numbers;
    }

    /** Keeps the writer busy, so that what is submitted meanwhile becomes one group. */
    private CountDownLatch hold() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        writer.submit(tx -> {
            held.countDown();
            return wait(go);
        });
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        return go;
    }

    private static boolean wait(CountDownLatch go) {
        try {
            return go.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Future<Integer> insert(long n) {
        return writer.submit(tx -> tx.update("INSERT INTO t (n) VALUES (?)", n));
    }

    @Test
    void whatWaitsIsCommittedAsOneGroup() throws InterruptedException {
        AtomicInteger commits = new AtomicInteger();
        CountDownLatch go = hold();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(writer.submit(tx -> tx.number("SELECT count(*) FROM t")));
            all.add(insert(i));
        }
        all.add(writer.submit(tx -> {
            tx.afterCommit(commits::incrementAndGet);
            return stored().size();
        }));
        go.countDown();
        await(Future.all(all));
        assertThat(all.get(40).result())
                .as("nobody else saw any of it before the commit")
                .isEqualTo(0);
        assertThat(all.get(38).result()).as("but the group sees itself").isEqualTo(19L);
        assertThat(stored()).hasSize(20);
        assertThat(commits).hasValue(1);
    }

    @Test
    @DisplayName("B5: a full database refuses every write as full, and takes writes again when there is room")
    void fullAgainAndAgainThenRoom() {
        String large = "x".repeat(50_000);
        await(writer.submit(tx -> tx.number("PRAGMA max_page_count = 8")));
        for (int i = 0; i < 4; i++) {
            Future<Integer> refused = writer.submit(tx -> tx.update("INSERT INTO t (n, text) VALUES (?, ?)", 1, large));
            assertThat(failure(refused).code()).as("write %d", i).isEqualTo(ErrorCode.STORAGE_FULL);
        }
        assertThat(stored()).isEmpty();
        await(writer.submit(tx -> tx.number("PRAGMA max_page_count = 10000")));
        await(writer.submit(tx -> tx.update("INSERT INTO t (n, text) VALUES (?, ?)", 1, large)));
        assertThat(stored()).containsExactly(1L);
    }

    @Test
    void oneBadCommandDoesNotHurtItsNeighbours() throws InterruptedException {
        List<Long> effects = new ArrayList<>();
        CountDownLatch go = hold();
        Future<Integer> before = insert(1);
        Future<Integer> constraint = writer.submit(tx -> {
            tx.update("INSERT INTO t (n) VALUES (2)");
            tx.received("half");
            tx.afterCommit(() -> effects.add(2L));
            return tx.update("INSERT INTO t (n) VALUES (1)");
        });
        Future<Integer> refused = writer.submit(tx -> {
            tx.update("INSERT INTO t (n) VALUES (3)");
            throw CairnException.invalid("n", "no threes");
        });
        Future<Integer> broken = writer.submit(tx -> {
            tx.update("INSERT INTO t (n) VALUES (4)");
            throw new IllegalStateException("a defect");
        });
        Future<Integer> after = writer.submit(tx -> {
            tx.afterCommit(() -> effects.add(5L));
            return tx.update("INSERT INTO t (n) VALUES (5)");
        });
        go.countDown();
        assertThat(await(before)).isEqualTo(1);
        assertThat(await(after)).isEqualTo(1);
        assertThat(failure(constraint).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure(refused).field()).isEqualTo("n");
        assertThat(failure(broken).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(stored()).containsExactly(1L, 5L);
        assertThat(effects).as("effects of what was committed, once").containsExactly(5L);
        long counted = await(writer.submit(tx -> tx.number("SELECT count(*) FROM event_count")));
        assertThat(counted).isZero();
    }

    @Test
    void answersArriveOnTheCallersContextInOrder() throws InterruptedException {
        CountDownLatch go = hold();
        Context context = vertx.getOrCreateContext();
        Promise<List<Integer>> seen = Promise.promise();
        context.runOnContext(any -> {
            List<Integer> order = new ArrayList<>();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int number = i;
                all.add(insert(i).onSuccess(done -> order.add(Vertx.currentContext() == context ? number : -1)));
            }
            Future.all(all).onSuccess(done -> seen.complete(order));
            go.countDown();
        });
        assertThat(await(seen.future())).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void aFullQueueRefusesWithTheRemedy() throws InterruptedException {
        CountDownLatch go = hold();
        List<Future<?>> accepted = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            accepted.add(insert(i));
        }
        CairnException refused = failure(insert(64));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("store.maxQueue");
        go.countDown();
        await(Future.all(accepted));
        assertThat(stored()).hasSize(64);
    }

    @Test
    void closingCommitsWhatWaitsAndRefusesTheRest() throws InterruptedException {
        CountDownLatch go = hold();
        List<Future<?>> accepted = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            accepted.add(insert(i));
        }
        Future<Void> closed = writer.close();
        assertThat(failure(insert(99)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        go.countDown();
        await(closed);
        await(Future.all(accepted));
        await(writer.close());
        assertThat(stored()).hasSize(50);
        assertThat(Files.exists(directory.resolve("t.db-wal")))
                .as("the log was folded in")
                .isFalse();
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothing() {
        await(writer.submit(tx -> {
            tx.run("PRAGMA max_page_count = 20");
            return true;
        }));
        String large = "x".repeat(200_000);
        CairnException full = failure(writer.submit(tx -> tx.update("INSERT INTO t (n, text) VALUES (1, ?)", large)));
        assertThat(full.code()).isEqualTo(ErrorCode.STORAGE_FULL);
        assertThat(writer.lastFailure()).contains("full");
        await(insert(2));
        assertThat(writer.lastFailure()).isNull();
        assertThat(stored()).containsExactly(2L);
    }

    @Test
    void aDatabaseThatCannotBeWrittenIsSaid() {
        await(writer.submit(tx -> {
            tx.afterCommit(() -> {});
            tx.run("PRAGMA query_only = 1");
            return true;
        }));
        CairnException refused = failure(insert(1));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("cannot be written");
        assertThat(stored()).isEmpty();
    }

    @Test
    void aStatementWithoutColumnsRunsToItsEnd() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("v.db"))) {
            Transaction tx = new Transaction(connection);
            tx.run("PRAGMA auto_vacuum = INCREMENTAL");
            tx.run("CREATE TABLE t (text)");
            tx.update("INSERT INTO t VALUES (zeroblob(200000))");
            tx.update("DELETE FROM t");
            long free = tx.number("PRAGMA freelist_count");
            tx.run("PRAGMA incremental_vacuum(30)");
            assertThat(tx.number("PRAGMA freelist_count")).isEqualTo(free - 30);
        }
    }
}
