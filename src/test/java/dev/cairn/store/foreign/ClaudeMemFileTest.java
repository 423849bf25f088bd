package dev.cairn.store.foreign;

import static dev.cairn.store.foreign.ClaudeMemDatabase.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.Origin;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeMemFileTest {
    @TempDir
    Path dir;

    /** All that a memory gives, row by row, and why it does not give the rest. */
    private record Given(List<ExportLine> lines, Map<String, Integer> skipped) {
        <T> List<T> of(Class<T> type) {
            return lines.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .distinct()
                    .toList();
        }
    }

    private Path file() {
        return dir.resolve("claude-mem.db");
    }

    private ForeignMemory open() {
        return ClaudeMemFile.open(file(), dir.resolve("import"), bytes -> {});
    }

    private Given read() {
        return read(name -> true);
    }

    private Given read(java.util.function.Predicate<String> wanted) {
        List<ExportLine> lines = new ArrayList<>();
        Map<String, Integer> skipped = new TreeMap<>();
        try (ForeignMemory memory = open()) {
            long after = 0;
            for (List<ForeignMemory.Key> page = memory.keys(after, 3); !page.isEmpty(); page = memory.keys(after, 3)) {
                for (ForeignMemory.Key key : page) {
                    ForeignMemory.Lines row =
                            memory.read(key, name -> wanted.test(name) ? new Project("/p/" + name, name) : null);
                    lines.addAll(row.before());
                    if (row.row().line() == null) {
                        skipped.merge(String.valueOf(row.row().skipped()), 1, Integer::sum);
                    } else {
                        lines.add(row.row().line());
                    }
                    after = key.position();
                }
            }
        }
        return new Given(lines, skipped);
    }

    private static void fill(ClaudeMemDatabase database) throws SQLException {
        database.session("a", "shop", T0)
                .session("b", "till", T0 + 10)
                .prompt("a", 1, "Mend the checkout", T0 + 1)
                .prompt("a", 2, "漢字も\n改行も\nemoji \uD83D\uDE80", T0 + 5)
                .observation("a", "shop", 1, "bugfix", "Checkout mended", "It was the tax.", T0 + 3)
                .summary("a", "shop", 1, "Mend the checkout", "Taxes are hard", T0 + 4)
                .commit();
    }

    private List<String> neighbours() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothGenerationsComeOutAlike(boolean old) throws Exception {
        try (ClaudeMemDatabase database = old ? ClaudeMemDatabase.of6(file()) : ClaudeMemDatabase.of13(file())) {
            fill(database);
        }
        byte[] before = Files.readAllBytes(file());

        Given given = read();

        assertThat(given.skipped()).isEmpty();
        assertThat(given.of(ExportLine.SessionLine.class))
                .extracting(
                        ExportLine.SessionLine::sessionId,
                        ExportLine.SessionLine::platform,
                        ExportLine.SessionLine::startedAt,
                        ExportLine.SessionLine::source)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("c-a", "claude-code", T0, "claude-mem:session:1"),
                        org.assertj.core.groups.Tuple.tuple("c-b", "claude-code", T0 + 10, "claude-mem:session:2"));
        assertThat(given.of(ExportLine.PromptLine.class))
                .extracting(
                        ExportLine.PromptLine::text, prompt -> prompt.turn().number(), ExportLine.PromptLine::source)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Mend the checkout", 1, "claude-mem:prompt:1"),
                        org.assertj.core.groups.Tuple.tuple("漢字も\n改行も\nemoji \uD83D\uDE80", 2, "claude-mem:prompt:2"));
        ExportLine.ObservationLine observation =
                given.of(ExportLine.ObservationLine.class).get(0);
        assertThat(observation.title()).isEqualTo("Checkout mended");
        assertThat(observation.narrative()).isEqualTo("It was the tax.");
        assertThat(observation.type()).isEqualTo("bugfix");
        assertThat(observation.facts()).containsExactly("a fact");
        assertThat(observation.concepts()).containsExactly("gotcha");
        assertThat(observation.filesRead()).containsExactly("src/a.ts");
        assertThat(observation.filesModified()).containsExactly("src/b.ts");
        assertThat(observation.createdAt()).isEqualTo(T0 + 3);
        assertThat(observation.project()).isEqualTo(new Project("/p/shop", "shop"));
        ExportLine.SummaryLine summary = given.of(ExportLine.SummaryLine.class).get(0);
        assertThat(summary.learned()).isEqualTo("Taxes are hard");
        assertThat(summary.filesModified()).containsExactly("src/b.ts");
        assertThat(summary.turn()).isEqualTo(observation.turn());
        assertThat(given.of(ExportLine.TurnLine.class))
                .extracting(
                        ExportLine.TurnLine::number, ExportLine.TurnLine::startedAt, ExportLine.TurnLine::lastEventAt)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, T0 + 1, T0 + 4),
                        org.assertj.core.groups.Tuple.tuple(2, T0 + 5, T0 + 5));
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(neighbours()).containsExactly("claude-mem.db");
    }

    @Test
    void whatStandsOnlyInTheLogIsReadAndNothingIsWrittenBesideTheFile() throws Exception {
        // Another process' view of an open database: the same files under another name.
        Path live = dir.resolve("live.db");
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(live)) {
            fill(database);
            assertThat(Files.size(dir.resolve("live.db-wal"))).isPositive();
            Files.copy(live, file());
            Files.copy(dir.resolve("live.db-wal"), dir.resolve("claude-mem.db-wal"));
        }
        byte[] log = Files.readAllBytes(dir.resolve("claude-mem.db-wal"));

        Given given = read();

        assertThat(given.of(ExportLine.PromptLine.class)).hasSize(2);
        assertThat(Files.readAllBytes(dir.resolve("claude-mem.db-wal"))).isEqualTo(log);
        assertThat(neighbours()).doesNotContain("claude-mem.db-shm");
        assertThat(Files.list(dir.resolve("import"))
                        .map(file -> file.getFileName().toString()))
                .containsExactly("lock");
    }

    @Test
    void rowsOfOneSummaryAPromptAndLaterOnesKeepTheirPlaces() throws Exception {
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            database.session("a", "shop", T0)
                    .summary("a", "shop", 1, "first", "one", T0 + 1)
                    .summary("a", "shop", 1, "second", "two", T0 + 2)
                    .summary("a", "shop", null, "third", "three", T0 + 3)
                    .summary("a", "shop", null, "fourth", "four", T0 + 4)
                    .commit();
        }
        List<ExportLine.SummaryLine> summaries = read().of(ExportLine.SummaryLine.class);
        assertThat(summaries)
                .extracting(ExportLine.SummaryLine::request)
                .containsExactly("first", "second", "third", "fourth");
        assertThat(summaries).extracting(ExportLine.SummaryLine::turn).doesNotHaveDuplicates();
    }

    @Test
    void malformedAndMissingThingsAreKeptAsTextOrSkippedWithAReason() throws Exception {
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            database.session("a", "shop", T0)
                    .observation("a", "shop", 1, "Something Quite Odd!", "t", "n", T0 + 1)
                    .run("UPDATE observations SET facts = '[\"broken', concepts = 'plain', files_read = '{\"a\":1}',"
                            + " files_modified = '[1, null, \"\", [2]]'")
                    .observation("a", "shop", 1, "bugfix", "", "", T0 + 2)
                    .run("UPDATE observations SET facts = NULL WHERE id = 2")
                    .observation("a", "shop", 1, "bugfix", "no time", "n", 0)
                    .run("UPDATE observations SET created_at = 'no date' WHERE id = 3")
                    .observation("a", "shop", 1, "bugfix", "a time as text", "n", 0)
                    .run("UPDATE observations SET created_at = '2026-01-02T00:00:07Z' WHERE id = 4")
                    .observation("a", "shop", 1, "bugfix", "old text", "", T0 + 8)
                    .run("UPDATE observations SET narrative = NULL, text = 'the text of old rows' WHERE id = 5")
                    .prompt("a", 1, " ", T0 + 1)
                    .toolUse("a", "shop", "u1", "{\"command\":\"ls\"}", "plain output", null, T0 + 1)
                    .toolUse("a", "shop", "u2", null, "{broken", null, T0 + 2)
                    .run("UPDATE tool_uses SET tool_name = NULL WHERE id = 2")
                    .commit();
        }
        Given given = read();
        List<ExportLine.ObservationLine> observations = given.of(ExportLine.ObservationLine.class);
        ExportLine.ObservationLine odd = observations.stream()
                .filter(each -> "claude-mem:observation:1".equals(each.source()))
                .findFirst()
                .orElseThrow();
        assertThat(odd.type()).isEqualTo("something-quite-odd-");
        assertThat(odd.facts()).containsExactly("[\"broken");
        assertThat(odd.concepts()).containsExactly("plain");
        assertThat(odd.filesRead()).containsExactly("{\"a\":1}");
        assertThat(odd.filesModified()).containsExactly("1", "[2]");
        assertThat(observations)
                .filteredOn(each -> "a time as text".equals(each.title()))
                .extracting(ExportLine.ObservationLine::createdAt)
                .containsExactly(T0 + 7_000);
        assertThat(observations)
                .filteredOn(each -> "old text".equals(each.title()))
                .extracting(ExportLine.ObservationLine::narrative)
                .containsExactly("the text of old rows");
        assertThat(given.of(ExportLine.ToolUseLine.class))
                .extracting(ExportLine.ToolUseLine::input, ExportLine.ToolUseLine::response)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("{\"command\":\"ls\"}", "\"plain output\""));
        assertThat(given.skipped())
                .isEqualTo(Map.of(
                        "observation without text",
                        1,
                        "observation without a time",
                        1,
                        "prompt without text",
                        1,
                        "tool use without the tool's name",
                        1));
    }

    @Test
    void rowsWhoseSessionIsLostGetOne() throws Exception {
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            database.run("PRAGMA foreign_keys = OFF")
                    .observation("gone", "shop", 1, "bugfix", "t", "n", T0 + 1)
                    .summary("gone", "shop", 1, "r", "l", T0 + 2)
                    .prompt("lost", 1, "p", T0 + 3)
                    .toolUse("lost", "shop", "u1", "{}", "{}", null, T0 + 4)
                    .commit();
        }
        Given given = read();
        assertThat(given.of(ExportLine.SessionLine.class))
                .extracting(ExportLine.SessionLine::sessionId, ExportLine.SessionLine::source)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("claude-mem-m-gone", null),
                        org.assertj.core.groups.Tuple.tuple("c-lost", null));
        assertThat(given.skipped()).isEmpty();
        assertThat(given.of(ExportLine.ToolUseLine.class)).hasSize(1);
    }

    @Test
    void hugeTextsAreCutAndWhatIsExcludedIsLeftOut() throws Exception {
        String huge = "漢字 \u0001\"\\ ".repeat(900_000);
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            database.session("a", "shop", T0)
                    .session("x", "secret", T0)
                    .observation("a", "shop", 1, "bugfix", huge, huge, T0 + 1)
                    .observation("x", "secret", 1, "bugfix", "t", "n", T0 + 1)
                    .toolUse("a", "shop", "u1", huge, huge, null, T0 + 1)
                    .commit();
        }
        Given given = read(name -> !name.equals("secret"));
        assertThat(given.lines())
                .allSatisfy(
                        line -> assertThat(ExportFormat.write(line).length()).isLessThan(4 << 20));
        assertThat(given.of(ExportLine.ObservationLine.class).get(0).narrative())
                .startsWith("漢字")
                .contains("characters cut");
        assertThat(given.skipped()).isEqualTo(Map.of("of a directory that is excluded (project.exclude)", 2));
    }

    @Test
    void projectsAreNamedWithTheDirectoriesTheirToolsWorkedIn() throws Exception {
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            database.session("a", "shop", T0)
                    .toolUse("a", "shop", "u1", "{}", "{}", "/home/you/shop/src", T0 + 1)
                    .toolUse("a", "shop", "u2", "{}", "{}", "/home/you/shop", T0 + 2)
                    .toolUse("a", "shop", "u3", "{}", "{}", "/home/you/shop", T0 + 3)
                    .observation("a", "merged", 1, "bugfix", "t", "n", T0 + 4)
                    .run("UPDATE observations SET merged_into_project = 'parent'")
                    .commit();
        }
        try (ForeignMemory memory = open()) {
            assertThat(memory.schema()).isEqualTo(52);
            assertThat(memory.counts())
                    .isEqualTo(Map.of(Origin.SESSION, 1L, Origin.TOOL_USE, 3L, Origin.OBSERVATION, 1L));
            assertThat(memory.projects())
                    .containsExactly(
                            new ForeignMemory.Named("parent", 1, List.of()),
                            new ForeignMemory.Named("shop", 4, List.of("/home/you/shop", "/home/you/shop/src")));
        }
    }

    private void refused(ErrorCode code, String... words) {
        assertThatThrownBy(() -> open().close()).isInstanceOfSatisfying(CairnException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.getMessage()).contains(words);
        });
    }

    @Test
    void whatIsNoDatabaseOfItIsRefusedWithTheRemedy() throws Exception {
        refused(ErrorCode.INVALID_ARGUMENT, "is not there", "claude-mem.db");
        Files.createDirectory(file());
        refused(ErrorCode.INVALID_ARGUMENT, "is a directory", "claude-mem.db");
        Files.delete(file());
        Files.writeString(file(), "");
        refused(ErrorCode.CONFLICT, "is empty");
        Files.writeString(
                file(), "SQLite? No, but long enough to have a header, if one does not look at it. ".repeat(3));
        refused(ErrorCode.CONFLICT, "is not a SQLite database");
        Files.delete(file());
        ClaudeMemDatabase.open(file(), false, 1, "CREATE TABLE moz_places (id INTEGER PRIMARY KEY)")
                .close();
        refused(ErrorCode.CONFLICT, "another program", "sdk_sessions");
        Files.delete(file());
        ClaudeMemDatabase.open(
                        file(),
                        false,
                        99,
                        "CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY, thread TEXT)",
                        "CREATE TABLE observations (id INTEGER PRIMARY KEY, thread TEXT)")
                .close();
        refused(ErrorCode.CONFLICT, "schema version 99", "content_session_id", "newer build");
        Files.delete(file());
        ClaudeMemDatabase.open(file(), false, 1, "PRAGMA application_id = 1128354382")
                .close();
        refused(ErrorCode.CONFLICT, "database of Cairn", "cairn export");
        assertThat(neighbours()).containsExactly("claude-mem.db");
    }

    @Test
    void aTruncatedFileIsToldAndOneThatIsDamagedInTheMiddleToo() throws Exception {
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            fill(database);
        }
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), java.util.Arrays.copyOf(whole, whole.length / 2));
        refused(ErrorCode.INTERNAL, "is damaged", ".recover");
        java.util.Arrays.fill(whole, 4_096, whole.length, (byte) 0x5A);
        Files.write(file(), whole);
        refused(ErrorCode.INTERNAL, "is damaged", ".recover");
    }

    @Test
    void oneImportAtATimeAndWhatAKilledOneLeftIsCleared() throws Exception {
        try (ClaudeMemDatabase database = ClaudeMemDatabase.of13(file())) {
            fill(database);
        }
        Files.createDirectory(dir.resolve("import"));
        Files.writeString(dir.resolve("import").resolve("copy.db"), "half a copy");
        Files.writeString(dir.resolve("import").resolve("copy.db-wal"), "half a log");
        try (ForeignMemory memory = open()) {
            assertThat(memory.counts()).containsEntry(Origin.PROMPT, 2L);
            refused(ErrorCode.CONFLICT, "another import runs");
            assertThat(memory.keys(0, 100)).hasSize(6);
        }
        assertThat(read().skipped()).isEmpty();
    }
}
