package dev.cairn.store;

import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.TurnWork;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final long NOW = 1_000 * DAY;
    /** 1,000,000 in the long run. */
    private static final int ROWS = Integer.getInteger("cairn.retention.rows", 30_000);

    @TempDir
    Path directory;

    private static NewMemory saved(String text, long at) {
        return new NewMemory(text, null, null, "/home/u/cairn", List.of(), List.of(), at);
    }

    private StoreFixture open() {
        return new StoreFixture(directory);
    }

    private StoreFixture open(String key, long value) {
        return open(new JsonObject().put(key, value));
    }

    private StoreFixture open(JsonObject retention) {
        return new StoreFixture(directory, new JsonObject().put("retention", retention), () -> NOW);
    }

    private static void observeAll(StoreFixture store) {
        for (TurnWork work = store.claim("o", NOW).work();
                work != null;
                work = store.claim("o", NOW).work()) {
            store.ask(Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(), null));
        }
    }

    private static void turn(StoreFixture store, String session, long at) {
        store.append(
                prompt(session, session + "p", "ask " + session, at),
                tool(session, session + "p", session + "u", at),
                stop(session, session + "p", "said", at));
    }

    @Test
    void whatIsTooOldIsForgottenButNothingThatWaitsToBeObserved() {
        try (StoreFixture store = open()) {
            turn(store, "old", NOW - 11 * DAY);
            turn(store, "young", NOW - 9 * DAY);
            observeAll(store);
            turn(store, "waiting", NOW - 12 * DAY);
            store.save(saved("old note", NOW - 20 * DAY), saved("young note", NOW - DAY));
        }
        try (StoreFixture store = open("days", 10)) {
            StoreFixture.until("the old session is gone", () -> store.number("SELECT count(*) FROM session") == 2);
            assertThat(store.search("ask").rows()).extracting("session").containsExactlyInAnyOrder("young", "waiting");
            assertThat(store.found("note")).hasSize(1);
            assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(2);
            assertThat(store.claimWork("o").fresh()).hasSize(1);
        }
    }

    @Test
    void rawEventsMayGoSooner() {
        try (StoreFixture store = open()) {
            turn(store, "old", NOW - 11 * DAY);
            turn(store, "young", NOW - DAY);
            observeAll(store);
        }
        try (StoreFixture store = open("toolUseDays", 10)) {
            StoreFixture.until("the old tool use is gone", () -> store.number("SELECT count(*) FROM tool_use") == 1);
            StoreFixture.until("and its note", () -> store.number("SELECT count(*) FROM turn_note") == 1);
            assertThat(store.found("ask")).hasSize(2);
        }
    }

    @Test
    void withoutBoundsNothingIsForgotten() {
        try (StoreFixture store = open()) {
            store.save(saved("ancient", 1));
        }
        try (StoreFixture store = open(new JsonObject())) {
            store.save(note("a write behind whatever the start set off"));
            assertThat(store.found("ancient")).hasSize(1);
        }
    }

    @Test
    void aDatabaseThatIsTooLargeLosesItsOldest() throws Exception {
        String filler = "lorem ipsum dolor sit amet ".repeat(40);
        try (StoreFixture store = open()) {
            for (int batch = 0; batch < 6; batch++) {
                NewMemory[] many = new NewMemory[1_000];
                for (int i = 0; i < many.length; i++) {
                    many[i] = saved(filler + " n" + (batch * 1_000 + i), batch * 1_000L + i);
                }
                store.save(many);
            }
        }
        long before = Files.size(directory.resolve("cairn.db"));
        long bound = before * 2 / 3;
        try (StoreFixture store = open("maxBytes", bound)) {
            List<Forgotten> told = store.listen(Addresses.EVENT_FORGOTTEN);
            StoreFixture.until("it is small enough", () -> size() <= bound);
            StoreFixture.until(
                    "it was told", () -> !told.isEmpty() || store.number("SELECT count(*) FROM memory") < 6_000);
            long left = store.number("SELECT count(*) FROM memory");
            assertThat(left).as("no more than needed").isBetween(2_000L, 4_400L);
            assertThat(store.number("SELECT min(created_at) FROM memory")).isEqualTo(6_000 - left);
        }
    }

    private long size() {
        try {
            return Files.size(directory.resolve("cairn.db"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("D9: of very many rows most are forgotten; the file shrinks, and nobody who writes waits long")
    void veryManyRowsGoWithoutALockStorm() throws Exception {
        try (StoreFixture store = open()) {
            turn(store, "s", NOW - 50 * DAY);
            observeAll(store);
            try (Connection connection = store.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "INSERT INTO tool_use (session_id, turn_id, project_id, created_at, observed, tool_name,"
                                + " input, response) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                + ROWS + ") SELECT 1, 1, 1, " + (NOW - 50 * DAY)
                                + " + i, 1, 'Read', hex(randomblob(100)),"
                                + " hex(randomblob(100)) FROM n");
            }
        }
        long before = size();
        try (StoreFixture store = open("days", 10)) {
            List<Forgotten> told = store.listen(Addresses.EVENT_FORGOTTEN);
            long slowest = 0;
            int writes = 0;
            while (store.number("SELECT count(*) FROM tool_use WHERE created_at < " + (NOW - 10 * DAY)) > 0
                    || store.number("PRAGMA freelist_count") > 0) {
                long begin = System.nanoTime();
                assertThat(store.append(prompt("live", "p" + writes, "still here", NOW))
                                .stored())
                        .isEqualTo(1);
                slowest = Math.max(slowest, System.nanoTime() - begin);
                writes++;
                // A busy agent, not a benchmark of writes.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            System.out.printf(
                    "%d rows forgotten beside %d writes, the slowest of %d ms%n",
                    ROWS, writes, TimeUnit.NANOSECONDS.toMillis(slowest));
            assertThat(TimeUnit.NANOSECONDS.toMillis(slowest)).isLessThan(1_000);
            assertThat(writes).isGreaterThan(10);
            StoreFixture.until("it came to its end", () -> !told.isEmpty());
            assertThat(told.get(0).toolUses()).isEqualTo(ROWS + 1);
            store.stop();
        }
        assertThat(size()).isLessThan(before / 5);
    }
}
