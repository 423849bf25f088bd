package dev.cairn.store;

import static dev.cairn.store.StoreFixture.PLATFORM;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Forget;
import dev.cairn.bus.SessionMemories;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToldTest {
    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A prompt is a memory of its session. */
    private long memoryOf(String session, String text) {
        store.append(PROJECT, prompt(session, session + text, text, 1));
        return store.ask(Addresses.STORE_SEARCH, SearchQuery.of(text, null, 1))
                .rows()
                .get(0)
                .id();
    }

    private List<Long> untold(String session, Long... ids) {
        return store.ask(Addresses.STORE_UNTOLD, new SessionMemories(PLATFORM, session, List.of(ids)))
                .ids();
    }

    private List<Long> tell(String session, Long... ids) {
        return store.ask(Addresses.STORE_TELL, new SessionMemories(PLATFORM, session, List.of(ids)))
                .ids();
    }

    @Test
    void aSessionIsToldOfEachMemoryOnceAcrossRestarts() {
        long a = memoryOf("s1", "alpha");
        long b = memoryOf("s1", "beta");
        memoryOf("s2", "gamma");
        memoryOf("s3", "delta");

        assertThat(untold("s2", b, a)).as("in their order").containsExactly(b, a);
        assertThat(tell("s2", b)).containsExactly(b);
        store.reopen();
        assertThat(untold("s2", b, a)).containsExactly(a);
        assertThat(tell("s2", b, a)).as("only what is new").containsExactly(a);
        assertThat(tell("s2", b, a)).isEmpty();
        assertThat(untold("s3", b, a)).as("another session").containsExactly(b, a);
    }

    @Test
    void aSessionsOwnMemoriesAndThoseThatAreGoneAreNotToldIt() {
        long own = memoryOf("s1", "alpha");
        long other = memoryOf("s2", "beta");

        assertThat(untold("s1", own, other, 4_711L)).containsExactly(other);
        assertThat(untold("nobody", own, other)).containsExactly(own, other);
        assertThat(tell("nobody", own))
                .as("a session that does not exist is told of none")
                .isEmpty();
        assertThat(tell("s1", 4_711L)).isEmpty();
    }

    @Test
    void itIsForgottenWithTheMemoryAndWithTheSession() {
        long a = memoryOf("s1", "alpha");
        memoryOf("s2", "beta");
        long c = memoryOf("s3", "gamma");
        tell("s2", a, c);

        store.ask(Addresses.STORE_FORGET, new Forget(List.of(a), null, null, null, null, null, null, false));
        assertThat(store.number("SELECT count(*) FROM told")).isEqualTo(1);
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, "s2", null, null, null, false));
        assertThat(store.number("SELECT count(*) FROM told")).isZero();
    }

    @Test
    void aSessionIsToldOfABoundedNumber() throws SQLException {
        long a = memoryOf("s1", "alpha");
        memoryOf("s2", "beta");
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < "
                    + Told.MAX_OF_SESSION
                    + ") INSERT INTO memory (kind, project_id, created_at, platform) SELECT 1, 1, i, 'api' FROM n");
        }
        Long[] many = LongStream.rangeClosed(3, Told.MAX_OF_SESSION + 2).boxed().toArray(Long[]::new);

        assertThat(tell("s2", many)).hasSize(Told.MAX_OF_SESSION);
        assertThat(tell("s2", a)).isEmpty();
    }

    @Test
    void tooManyAtOnceAreRefused() {
        Long[] many = LongStream.rangeClosed(1, 1_001).boxed().toArray(Long[]::new);

        assertThatThrownBy(() -> tell("s2", many)).isInstanceOf(CairnException.class);
        assertThatThrownBy(() -> untold("s2", many)).isInstanceOf(CairnException.class);
    }
}
