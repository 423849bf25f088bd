package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.event;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Projects;
import dev.cairn.bus.Recent;
import dev.cairn.bus.RecentQuery;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.What;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Session;
import dev.cairn.model.ToolUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTest {
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

    private static NewMemory memory(String text, Project project, long at) {
        return new NewMemory(text, null, null, project.key(), List.of(), List.of(), at);
    }

    private static PageQuery page(What what, int limit, @Nullable String cursor) {
        return new PageQuery(what, null, null, null, null, null, limit, cursor);
    }

    @Test
    void pagesAreStableWhileRowsAreAdded() {
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            // Three share each time, so that the id decides among them.
            expected.addAll(store.save(memory("m" + i, PROJECT, 1_000 + i / 3)));
        }
        Collections.reverse(expected);
        List<Long> seen = new ArrayList<>();
        String cursor = null;
        do {
            Page page = store.ask(Addresses.STORE_PAGE, page(What.OBSERVATIONS, 4, cursor));
            page.observations().forEach(each -> seen.add(each.id()));
            cursor = page.next();
            store.save(memory("newer", PROJECT, 9_000), memory("much older", OTHER, 2_000));
        } while (cursor != null);
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void theLastPageHasNoNextOne() {
        store.save(memory("a", PROJECT, 1), memory("b", PROJECT, 2));
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.OBSERVATIONS, 2, null))
                        .next())
                .isNull();
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.OBSERVATIONS, 1, null))
                        .next())
                .isNotNull();
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.SUMMARIES, 1, null))
                        .next())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "1-", "-1-2", "1-2-3", "1 OR 1", "99999999999999999999-1", "１-２"})
    void aCursorThatNoPageGaveOutIsRefused(String cursor) {
        CairnException refused = store.refusal(Addresses.STORE_PAGE, page(What.PROMPTS, 10, cursor));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused.field()).isEqualTo("cursor");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101})
    void aLimitOutOfBoundsIsRefused(int limit) {
        assertThat(store.refusal(Addresses.STORE_PAGE, page(What.PROMPTS, limit, null))
                        .field())
                .isEqualTo("limit");
    }

    @Test
    void everyListingIsFiltered() {
        store.append(PROJECT, event(EventKind.SESSION_START, "s1").at(10), prompt("s1", "p1", "a", 20));
        store.append(PROJECT, tool("s1", "p1", "u1", 30), tool("s1", "p1", "u2", 40));
        store.append(OTHER, prompt("s2", "p2", "b", 50), tool("s2", "p2", "u3", 60));

        PageQuery byProject = new PageQuery(What.TOOL_USES, "other", null, null, null, null, 10, null);
        assertThat(store.ask(Addresses.STORE_PAGE, byProject).toolUses())
                .extracting(ToolUse::toolUseId)
                .containsExactly("u3");
        PageQuery bySession = new PageQuery(What.TOOL_USES, PROJECT.key(), "claude-code", "s1", 35L, 100L, 10, null);
        assertThat(store.ask(Addresses.STORE_PAGE, bySession).toolUses())
                .extracting(ToolUse::toolUseId)
                .containsExactly("u2");
        PageQuery nothing = new PageQuery(What.TOOL_USES, null, "other-agent", null, null, null, 10, null);
        assertThat(store.ask(Addresses.STORE_PAGE, nothing).toolUses()).isEmpty();
        PageQuery sessions = new PageQuery(What.SESSIONS, null, "claude-code", "s2", null, null, 10, null);
        assertThat(store.ask(Addresses.STORE_PAGE, sessions).sessions())
                .extracting(Session::sessionId)
                .containsExactly("s2");
        PageQuery prompts = new PageQuery(What.PROMPTS, "cairn", null, "s1", 20L, 20L, 10, null);
        assertThat(store.ask(Addresses.STORE_PAGE, prompts).prompts()).hasSize(1);
        PageQuery unknown = new PageQuery(What.PROMPTS, "nobody", null, null, null, null, 10, null);
        assertThat(store.ask(Addresses.STORE_PAGE, unknown).prompts()).isEmpty();
    }

    @Test
    void rowsById() {
        List<Long> ids = store.save(memory("a", PROJECT, 1), memory("b", PROJECT, 2));
        store.append(prompt("s1", "p1", "c", 3));
        long asked = store.found("c").get(0);
        Page found = store.ask(
                Addresses.STORE_FETCH,
                new Fetch(What.MEMORIES, List.of(asked, ids.get(1), 999L, ids.get(0), ids.get(1))));
        assertThat(found.observations()).extracting(Observation::id).containsExactly(ids.get(1), ids.get(0));
        assertThat(found.prompts()).hasSize(1);
        assertThat(store.ask(Addresses.STORE_FETCH, new Fetch(What.OBSERVATIONS, List.of(asked)))
                        .observations())
                .isEmpty();
        assertThat(store.refusal(Addresses.STORE_FETCH, new Fetch(What.MEMORIES, Collections.nCopies(1_001, 1L)))
                        .field())
                .isEqualTo("ids");
    }

    @Test
    void neighboursStandAroundTheirAnchorInTimeOrder() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            ids.addAll(store.save(memory("m" + i, i % 2 == 0 ? PROJECT : OTHER, 100 + i)));
        }
        assertThat(around(new NeighbourQuery(ids.get(4), null, 1, 2, null)))
                .as("of the anchor's own project")
                .containsExactly(ids.get(2), ids.get(4), ids.get(6), ids.get(8));
        assertThat(around(new NeighbourQuery(ids.get(4), null, 1, 1, "other")))
                .containsExactly(ids.get(3), ids.get(4), ids.get(5));
        assertThat(around(new NeighbourQuery(null, 104L, 2, 1, null)))
                .containsExactly(ids.get(3), ids.get(4), ids.get(5));
        assertThat(around(new NeighbourQuery(null, 0L, 5, 1, "cairn"))).containsExactly(ids.get(0));
        assertThat(around(new NeighbourQuery(ids.get(0), null, 5, 0, null))).containsExactly(ids.get(0));
        assertThat(store.refusal(Addresses.STORE_NEIGHBOURS, new NeighbourQuery(999L, null, 1, 1, null))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(store.refusal(Addresses.STORE_NEIGHBOURS, new NeighbourQuery(null, null, 1, 1, null))
                        .field())
                .isEqualTo("anchor");
        assertThat(store.refusal(Addresses.STORE_NEIGHBOURS, new NeighbourQuery(1L, null, -1, 1, null))
                        .field())
                .isEqualTo("before");
    }

    private List<Long> around(NeighbourQuery query) {
        return store.ask(Addresses.STORE_NEIGHBOURS, query).rows().stream()
                .map(MemoryRow::id)
                .toList();
    }

    @Test
    void theNewestOfAProject() {
        List<Long> ids = store.save(
                memory("old", PROJECT, 1),
                memory("elsewhere", OTHER, 9),
                memory("new", PROJECT, 3),
                memory("mid", PROJECT, 2));
        Recent recent = store.ask(Addresses.STORE_RECENT, new RecentQuery(PROJECT.key(), 5, 2));
        assertThat(recent.observations()).extracting(Observation::id).containsExactly(ids.get(2), ids.get(3));
        assertThat(recent.summaries()).isEmpty();
        assertThat(store.ask(Addresses.STORE_RECENT, new RecentQuery("nobody", 5, 5)))
                .isEqualTo(new Recent(List.of(), List.of()));
        assertThat(store.refusal(Addresses.STORE_RECENT, new RecentQuery("x", -1, 5))
                        .field())
                .isEqualTo("summaries");
    }

    @Test
    void projectsComeLastUsedFirstWithTheirCounts() {
        store.append(PROJECT, prompt("s1", "p1", "a", 100));
        store.save(memory("x", OTHER, 200));
        Projects projects = store.ask(Addresses.STORE_PROJECTS, Nothing.NOTHING);
        assertThat(projects.projects())
                .containsExactly(new Projects.Row(OTHER, 0, 1, 0, 0, 200), new Projects.Row(PROJECT, 1, 0, 0, 1, 100));
        store.append(OTHER, tool("s2", null, "u", 50));
        store.append(PROJECT, tool("s1", "p1", "u", 300));
        assertThat(store.ask(Addresses.STORE_PROJECTS, Nothing.NOTHING)
                        .projects()
                        .get(0)
                        .lastAt())
                .isEqualTo(300);
    }

    @Test
    void aMemorySavedUnderAProjectsNameGoesToThatProject() {
        store.append(PROJECT, prompt("s1", "p1", "a", 100));
        store.save(memory("x", new Project("cairn", ""), 200));
        assertThat(store.ask(Addresses.STORE_PROJECTS, Nothing.NOTHING).projects())
                .extracting(Projects.Row::project)
                .containsExactly(PROJECT);
        store.save(memory("y", new Project("/srv/brand-new/", ""), 300));
        assertThat(store.ask(Addresses.STORE_PROJECTS, Nothing.NOTHING)
                        .projects()
                        .get(0)
                        .project())
                .isEqualTo(new Project("/srv/brand-new/", "brand-new"));
    }

    @Test
    void savingIsAllOrNothingAndNamesTheField() {
        NewMemory good = memory("good", PROJECT, 1);
        List<NewMemory> bad = List.of(
                memory("", PROJECT, 1),
                memory(" \n", PROJECT, 1),
                memory("x".repeat(NewMemory.MAX_TEXT + 1), PROJECT, 1),
                memory("x", new Project("", ""), 1),
                memory("x", new Project("p".repeat(513), ""), 1),
                new NewMemory("x", "t".repeat(301), null, "p", List.of(), List.of(), null),
                new NewMemory("x", null, "Not A Type", "p", List.of(), List.of(), null),
                new NewMemory("x", null, null, "p", List.of(""), List.of(), null),
                new NewMemory("x", null, null, "p", List.of(), List.of("f".repeat(10_001)), null),
                memory("x", PROJECT, -1));
        List<String> fields = new ArrayList<>();
        for (NewMemory each : bad) {
            CairnException refused = store.refusal(Addresses.STORE_SAVE, new SaveMemories(List.of(good, each), "api"));
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            fields.add(String.valueOf(refused.field()));
        }
        assertThat(fields)
                .containsExactly(
                        "memories[1].text",
                        "memories[1].text",
                        "memories[1].text",
                        "memories[1].project",
                        "memories[1].project",
                        "memories[1].title",
                        "memories[1].type",
                        "memories[1].facts[0]",
                        "memories[1].files[0]",
                        "memories[1].createdAt");
        assertThat(store.refusal(Addresses.STORE_SAVE, new SaveMemories(List.of(), "api"))
                        .field())
                .isEqualTo("memories");
        assertThat(store.number("SELECT count(*) FROM memory")).isZero();
    }
}
