package dev.cairn.store;

import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.CairnException;
import dev.cairn.model.DatabaseReport;
import dev.cairn.model.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On files that are really damaged. */
@Timeout(60)
class DatabaseRepairTest {
    private static final int TURNS = 60;
    private static final int NOTES = 300;
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final int PAGE = 4_096;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void fill() {
        file = directory.resolve("cairn.db");
        String filler = " lorem ipsum dolor sit amet".repeat(20);
        try (StoreFixture store = new StoreFixture(directory)) {
            for (int i = 0; i < TURNS; i++) {
                String session = "s" + i % 7;
                String id = "p" + i;
                store.append(
                        prompt(session, id, "ask number" + i + filler, 1_000L * i),
                        tool(session, id, "u" + i, 1_000L * i + 1),
                        stop(session, id, "told" + filler, 1_000L * i + 2));
                TurnWork work = store.claimWork("o");
                store.ask(
                        Addresses.STORE_COMPLETE,
                        new CompleteTurn(
                                work.turnId(),
                                "o",
                                work.fresh(),
                                List.of(new NewObservation(
                                        "discovery",
                                        "fact " + i,
                                        null,
                                        "walrus" + i + filler,
                                        List.of("a fact"),
                                        List.of("zoo"),
                                        List.of("f" + i + ".txt"),
                                        List.of(),
                                        List.of(),
                                        work.fresh(),
                                        1_000L * i + 3)),
                                new NewSummary(
                                        "asked " + i, null, "otters", null, null, null, List.of(), List.of(), 5)));
            }
            NewMemory[] notes = new NewMemory[NOTES];
            for (int i = 0; i < NOTES; i++) {
                notes[i] = note("note" + i + filler);
            }
            store.save(notes);
        }
    }

    private DatabaseReport repair() {
        return new DatabaseRepair(file).repair(NOW);
    }

    private void overwrite(long at, byte[] bytes) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static DatabaseReport.Table table(DatabaseReport report, String name) {
        return report.tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void assertSoundAndSearchable(long memories) {
        assertThat(new DatabaseRepair(file).check().problems()).isEmpty();
        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.number("SELECT count(*) FROM memory")).isEqualTo(memories);
            assertThat(store.search("walrus1 otters lorem").total()).isPositive();
            assertThat(store.ask(Addresses.STORE_EXPORT, new ExportQuery(null, null, null, null, 1_000, null))
                            .lines())
                    .hasSizeGreaterThan(100);
            assertThat(store.save(note("life goes on"))).hasSize(1);
        }
    }

    private static long memories() {
        return TURNS * 3L + NOTES;
    }

    @Test
    void aSoundDatabaseIsLeftAlone() throws Exception {
        byte[] before = Files.readAllBytes(file);
        DatabaseReport report = repair();
        assertThat(report).isEqualTo(new DatabaseReport(true, List.of(), null, List.of()));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void pagesInTheMiddleThatAreGarbageLoseOnlyWhatStoodThere() throws Exception {
        long pages = Files.size(file) / PAGE;
        for (long page = pages / 2; page < pages / 2 + 6; page++) {
            overwrite(page * PAGE, garbage(PAGE));
        }
        byte[] damaged = Files.readAllBytes(file);
        assertThat(new DatabaseRepair(file).check().sound()).isFalse();
        DatabaseReport report = repair();
        assertThat(report.sound()).isFalse();
        assertThat(report.problems()).isNotEmpty();
        Path aside = Path.of(String.valueOf(report.damagedFile()));
        assertThat(aside).hasFileName("cairn-20260102T030405Z.db");
        assertThat(Files.readAllBytes(aside))
                .as("the damaged file is kept as it was")
                .isEqualTo(damaged);
        long recovered = report.tables().stream()
                .mapToLong(DatabaseReport.Table::recovered)
                .sum();
        assertThat(recovered).isGreaterThan(600);
        assertSoundAndSearchable(table(report, "memory").recovered());
        assertThat(directory.resolve("repair.tmp")).doesNotExist();
    }

    @Test
    void everyPageInTurnMayBeGarbage() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        int pages = whole.length / PAGE;
        // Each third, and the roots of all tables, which stand first.
        for (int page = 1; page < pages; page = page < 12 ? page + 1 : page + pages / 12) {
            Files.write(file, whole);
            overwrite((long) page * PAGE, garbage(PAGE));
            if (new DatabaseRepair(file).check().sound()) {
                // A page that nothing stands in.
                continue;
            }
            DatabaseReport report = repair();
            assertThat(new DatabaseRepair(file).check().problems())
                    .as("page %s", page)
                    .isEmpty();
            assertThat(report.tables()).hasSize(11);
            assertThat(Path.of(String.valueOf(report.damagedFile()))).exists();
        }
    }

    @Test
    void aFileThatLostItsEndIsRecoveredUpToThere() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() * 2 / 3 / PAGE * PAGE);
        }
        CairnException refused = catchThrowableOfType(CairnException.class, () -> new StoreFixture(directory).close());
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("damaged").hasMessageContaining("cairn doctor --repair");
        DatabaseReport report = repair();
        assertThat(table(report, "memory").recovered()).isBetween(50L, memories());
        assertThat(new DatabaseRepair(file).check().problems()).isEmpty();
        new StoreFixture(directory).close();
    }

    @Test
    void aGarbageHeaderCostsNothing() throws Exception {
        overwrite(0, garbage(100));
        CairnException refused = catchThrowableOfType(CairnException.class, () -> new StoreFixture(directory).close());
        assertThat(refused).hasMessageContaining("cairn doctor --repair");
        DatabaseReport report = repair();
        assertThat(table(report, "memory")).isEqualTo(new DatabaseReport.Table("memory", memories(), 0L));
        assertThat(table(report, "tool_use").recovered()).isEqualTo(TURNS);
        assertSoundAndSearchable(memories());
    }

    @Test
    void aGarbageFirstPageCostsNothing() throws Exception {
        overwrite(0, garbage(PAGE));
        DatabaseReport report = repair();
        assertThat(table(report, "memory").recovered()).isEqualTo(memories());
        assertSoundAndSearchable(memories());
    }

    @Test
    void aDamagedFullTextIndexIsMadeAnew() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE memory_fts_data SET block = randomblob(200) WHERE id > 10");
            statement.execute("DELETE FROM memory_fts_docsize WHERE id % 2 = 0");
        }
        assertThat(new DatabaseRepair(file).check().problems())
                .anyMatch(problem -> problem.contains("full-text index"));
        DatabaseReport report = repair();
        assertThat(report.tables()).allMatch(table -> Long.valueOf(0).equals(table.lost()));
        assertSoundAndSearchable(memories());
    }

    @Test
    void whatLostItsParentsIsKept() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = OFF");
            statement.execute("DELETE FROM session WHERE id IN (1, 2)");
            statement.execute("DELETE FROM turn WHERE id % 3 = 0");
            statement.execute("DELETE FROM project");
        }
        repair();
        assertSoundAndSearchable(memories());
        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.text("SELECT key FROM project WHERE id = 1")).isEqualTo("recovered-1");
            assertThat(store.number("SELECT count(*) FROM turn")).isEqualTo(TURNS);
            assertThat(store.number("SELECT count(*) FROM session")).isEqualTo(7);
            assertThat(store.number("SELECT count(*) FROM tool_use WHERE observation_id IS NOT NULL"))
                    .isEqualTo(TURNS);
        }
    }

    @Test
    void whatCorrectsWhatIsRecoveredButForTheLost() throws Exception {
        long earlier;
        long later;
        try (StoreFixture store = new StoreFixture(directory)) {
            List<Long> ids = store.save(note("the first"), note("the second"));
            earlier = ids.get(0);
            List<Long> both = List.copyOf(ids);
            later = store.save(new NewMemory("the third", null, null, "p", List.of(), List.of(), null, null, both))
                    .get(0);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = OFF");
            statement.execute("DELETE FROM memory WHERE id = " + (earlier + 1));
        }
        assertThat(table(repair(), "supersession").recovered()).isEqualTo(2);
        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.number("SELECT count(*) FROM supersession")).isEqualTo(1);
            assertThat(store.number("SELECT later FROM supersession WHERE earlier = " + earlier))
                    .isEqualTo(later);
        }
    }

    @Test
    void idsThatWereGivenAreNotGivenAgain() throws Exception {
        long last;
        try (StoreFixture store = new StoreFixture(directory)) {
            last = store.save(note("the last")).get(0);
            store.ask(
                    Addresses.STORE_FORGET,
                    new dev.cairn.bus.Forget(List.of(last), null, null, null, null, null, null, false));
        }
        overwrite(0, garbage(100));
        repair();
        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.save(note("new")).get(0)).isGreaterThan(last);
        }
    }

    @Test
    void whatStandsInTheLogIsRecoveredToo() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("killed"));
        try (StoreFixture store = new StoreFixture(directory)) {
            store.append(PROJECT, prompt("late", "late", "only in the log", 9));
            for (String name : List.of("cairn.db", "cairn.db-wal")) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
        }
        file = copy.resolve("cairn.db");
        overwrite(0, garbage(100));
        DatabaseReport report = repair();
        assertThat(table(report, "memory").recovered()).isEqualTo(memories() + 1);
        assertThat(file.resolveSibling("damaged").resolve("cairn-20260102T030405Z.db-wal"))
                .exists();
    }

    @Test
    void aDatabaseOfANewerBuildIsNotTouched() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThat(catchThrowableOfType(CairnException.class, this::repair).code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void damageAtRunTimeIsToldWithItsRemedy() throws Exception {
        try (StoreFixture store = new StoreFixture(directory)) {
            long pages = Files.size(file) / PAGE;
            // All but the pages that are read at the start, and those that a write needs.
            for (long page = 1; page < pages; page++) {
                overwrite(page * PAGE, garbage(PAGE));
            }
            CairnException refused =
                    store.refusal(Addresses.STORE_EXPORT, new ExportQuery(null, null, null, null, 100, null));
            assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(refused).hasMessageContaining("cairn doctor --repair");
            var health = store.ask(Addresses.health("store"), dev.cairn.bus.Nothing.NOTHING);
            assertThat(health.up()).isFalse();
            assertThat(health.detail().get("reason")).contains("cairn doctor --repair");
        }
    }
}
