package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.ImportedQuery;
import dev.cairn.bus.ImportedRows;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportedRecordsTest {
    private static final Project SHOP = new Project("/home/u/shop", "shop");
    private static final ExportLine.TurnKey TURN = new ExportLine.TurnKey(1, "claude-mem:1", null);

    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory.resolve("a"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ExportLine session() {
        return new ExportLine.SessionLine(
                "session", 1, "claude-code", "c-a", SHOP, null, 1_000, null, null, "claude-mem:session:1");
    }

    private static ExportLine turn() {
        return new ExportLine.TurnLine(
                "turn", "claude-code", "c-a", 1, "claude-mem:1", SHOP, "done", null, 1_000, 1_000);
    }

    private static ExportLine observation(String text, long at, @Nullable String source) {
        return new ExportLine.ObservationLine(
                "observation",
                1,
                SHOP,
                "claude-code",
                "c-a",
                TURN,
                "bugfix",
                "title",
                null,
                text,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                at,
                null,
                null,
                source,
                null);
    }

    private static ExportLine toolUse(String id, @Nullable String source) {
        return new ExportLine.ToolUseLine(
                "toolUse",
                1,
                SHOP,
                "claude-code",
                "c-a",
                TURN,
                null,
                "Bash",
                id,
                "{}",
                "{}",
                null,
                null,
                true,
                null,
                2_000,
                null,
                source);
    }

    private static Imported take(StoreFixture store, ExportLine... lines) {
        List<String> texts = new ArrayList<>(List.of(ExportFormat.header()));
        for (ExportLine line : lines) {
            texts.add(ExportFormat.write(line));
        }
        return store.ask(Addresses.STORE_IMPORT, new ImportLines(texts, 1, false));
    }

    private List<ImportedRows.Row> find(String... origins) {
        return store.ask(Addresses.STORE_IMPORTED, new ImportedQuery(List.of(origins)))
                .rows();
    }

    private static List<String> export(StoreFixture store) {
        return store.ask(Addresses.STORE_EXPORT, new ExportQuery(null, null, null, null, 1_000, null))
                .lines();
    }

    @Test
    void aRecordIsFoundByItsOldIdInFullAndInShort() {
        take(
                store,
                session(),
                turn(),
                observation("one", 2_000, "claude-mem:observation:12"),
                toolUse("u", "claude-mem:tool-use:7"));
        assertThat(find("claude-mem:12", "claude-mem:T7", "claude-mem:S12", "claude-mem:session:1"))
                .containsExactly(
                        new ImportedRows.Row("claude-mem:observation:12", "observation", 1L, 2_000),
                        new ImportedRows.Row("claude-mem:tool-use:7", "tool-use", 1L, 2_000),
                        new ImportedRows.Row("claude-mem:session:1", "session", 1L, 1_000));
        assertThat(StoreFixture.failure(store.bus.request(
                                Addresses.STORE_IMPORTED, new ImportedQuery(List.of("claude-mem;12")), 30_000))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(StoreFixture.failure(store.bus.request(
                                Addresses.STORE_IMPORTED,
                                new ImportedQuery(Collections.nCopies(1_001, "claude-mem:1")),
                                30_000))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void theNameCountsAndNotTheText() {
        take(store, session(), turn(), observation("one", 2_000, "claude-mem:observation:12"));
        // The filter of another day left something else of it.
        assertThat(take(store, observation("changed", 2_000, "claude-mem:observation:12")))
                .isEqualTo(new Imported(0, 0, 0, 0, 0, 1));
        // Another database has another record of that id.
        assertThat(take(store, observation("other", 9_000, "claude-mem:observation:12")))
                .isEqualTo(new Imported(0, 0, 0, 1, 0, 0));
        assertThat(find("claude-mem:12"))
                .extracting(ImportedRows.Row::createdAt)
                .containsExactly(2_000L, 9_000L);
    }

    @Test
    void whatCameWithoutItsNameIsRecognisedAndGetsIt() {
        take(store, session(), turn(), observation("one", 2_000, null), toolUse("u", null));
        assertThat(take(
                        store,
                        observation("one", 2_000, "claude-mem:observation:12"),
                        toolUse("u", "claude-mem:tool-use:7")))
                .isEqualTo(new Imported(0, 0, 0, 0, 0, 2));
        assertThat(find("claude-mem:12", "claude-mem:T7"))
                .extracting(ImportedRows.Row::id)
                .containsExactly(1L, 1L);
    }

    @Test
    void whatWasForgottenIsNotBroughtBack() {
        take(store, session(), turn(), observation("one", 2_000, "claude-mem:observation:12"));
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(1L), null, null, null, null, null, null, false));
        assertThat(find("claude-mem:12"))
                .containsExactly(new ImportedRows.Row("claude-mem:observation:12", "observation", null, 2_000));
        assertThat(take(store, session(), turn(), observation("one", 2_000, "claude-mem:observation:12"))
                        .observations())
                .isZero();
    }

    @Test
    void anExportKeepsTheNames() {
        take(
                store,
                session(),
                turn(),
                observation("one", 2_000, "claude-mem:observation:12"),
                toolUse("u", "claude-mem:tool-use:7"));
        List<String> lines = export(store);
        assertThat(String.join("\n", lines))
                .contains("claude-mem:session:1", "claude-mem:observation:12", "claude-mem:tool-use:7");
        try (StoreFixture other = new StoreFixture(directory.resolve("b"))) {
            other.ask(Addresses.STORE_IMPORT, new ImportLines(lines, 1, false));
            assertThat(export(other)).isEqualTo(lines);
            assertThat(other.ask(Addresses.STORE_IMPORTED, new ImportedQuery(List.of("claude-mem:12")))
                            .rows())
                    .hasSize(1);
        }
    }
}
