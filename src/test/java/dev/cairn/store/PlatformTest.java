package dev.cairn.store;

import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.IngestEvents.Item;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.model.AgentEvent;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several hosts in one project: whoever asks for one is given that one. */
class PlatformTest {
    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void fill() {
        store = new StoreFixture(directory);
        turn("codex", 100);
        turn("gemini", 200);
        store.save(note("by hand"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void turn(String platform, long at) {
        List<Item> items = Stream.of(
                        prompt("s", "p", "asked of " + platform, at),
                        tool("s", "p", "u", at + 1),
                        stop("s", "p", "said by " + platform, at + 2))
                .map(event -> new Item(of(platform, event), null, PROJECT, false))
                .toList();
        store.ask(Addresses.STORE_INGEST, new IngestEvents(items, null, at, null));
    }

    private static AgentEvent of(String platform, AgentEvent event) {
        return new AgentEvent(
                event.kind(),
                event.name(),
                platform,
                event.sessionId(),
                event.cwd(),
                event.promptId(),
                event.agentId(),
                event.prompt(),
                event.toolName(),
                event.toolUseId(),
                event.toolInput(),
                event.toolResponse(),
                event.error(),
                event.durationMs(),
                event.text(),
                event.detail(),
                event.at());
    }

    private List<JsonObject> export(String platform) {
        List<JsonObject> lines = new ArrayList<>();
        String cursor = null;
        do {
            ExportPage page =
                    store.ask(Addresses.STORE_EXPORT, new ExportQuery(null, null, null, null, platform, 2, cursor));
            page.lines().forEach(line -> lines.add(new JsonObject(line)));
            cursor = page.next();
        } while (cursor != null);
        return lines;
    }

    @Test
    @DisplayName("an export of one platform has all of its lines and no other's")
    void exports() {
        for (String platform : List.of("codex", "gemini")) {
            List<JsonObject> lines = export(platform);

            assertThat(lines.stream().filter(line -> line.containsKey("platform")))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allSatisfy(line -> assertThat(line.getString("platform")).isEqualTo(platform));
            assertThat(lines.toString()).contains("asked of " + platform, "said by " + platform);
        }
        assertThat(export("api").toString()).contains("by hand").doesNotContain("asked of");
        assertThat(export("cursor"))
                .allSatisfy(line -> assertThat(line.containsKey("platform")).isFalse());
    }

    @Test
    void aTimelineKeepsToAPlatform() {
        List<MemoryRow> all = around(null);
        List<MemoryRow> ofOne = around("gemini");

        assertThat(all).extracting(MemoryRow::platform).contains("codex", "gemini");
        assertThat(ofOne).extracting(MemoryRow::platform).containsOnly("gemini");
    }

    private List<MemoryRow> around(@Nullable String platform) {
        return store.ask(Addresses.STORE_NEIGHBOURS, new NeighbourQuery(null, 150L, 10, 10, "cairn", platform))
                .rows();
    }
}
