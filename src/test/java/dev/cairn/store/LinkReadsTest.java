package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Links;
import dev.cairn.bus.LinksQuery;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkReadsTest {
    private static final SearchQuery ALL = SearchQuery.of(null, null, 20);

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

    @Test
    void inASessionObservationsFollowOneAnotherByTime() {
        store.save(
                said("third", "s", 3_000),
                said("first", "s", 1_000),
                said("second", "s", 2_000),
                said("elsewhere", "t", 1_500));

        assertThat(beside(2)).containsExactly(null, 3L);
        assertThat(beside(3)).containsExactly(2L, 1L);
        assertThat(beside(1)).containsExactly(3L, null);
        assertThat(beside(4)).containsExactly(null, null);
        assertThat(link(1).session()).isNotNull().isEqualTo(link(2).session()).isNotEqualTo(link(4).session());
        assertThat(link(3).createdAt()).isEqualTo(2_000);
    }

    @Test
    void atOneMomentTheyFollowOneAnotherAsTheyCame() {
        store.save(said("a", "s", 1_000), said("b", "s", 1_000), said("c", "s", 1_000));

        assertThat(beside(1)).containsExactly(null, 2L);
        assertThat(beside(2)).containsExactly(1L, 3L);
        assertThat(beside(3)).containsExactly(2L, null);
    }

    @Test
    @DisplayName("What was saved without a session need not belong together, however soon one came after the other")
    void withoutASessionNothingIsBeside() {
        store.save(at(note("a"), 1_000), at(note("b"), 1_001), at(note("c"), 1_002));

        assertThat(beside(2)).containsExactly(null, null);
        assertThat(link(2).session()).isNull();
    }

    @Test
    void aSessionIsOneOverProjects() {
        store.save(
                said("here", "s", 1_000),
                new NewMemory("there", null, null, OTHER.key(), List.of(), List.of(), 2_000L, "s"));

        assertThat(beside(1)).containsExactly(null, 2L);
    }

    @Test
    void onlyObservationsHaveNeighboursAndAreSome() {
        store.append(prompt("s", "p1", "do it", 10), tool("s", "p1", "u1", 15), stop("s", "p1", "done", 20));
        TurnWork work = store.claimWork("o");
        store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        "o",
                        work.fresh(),
                        List.of(observed("one", 15, work), observed("two", 17, List.of())),
                        new NewSummary("asked", null, null, "done", null, null, List.of(), List.of(), 16)));
        Map<Long, Links.Link> all = links(ALL, 1, 2, 3, 4, 5);

        List<Long> observations = ids(Kind.OBSERVATION);
        assertThat(observations).hasSize(2);
        assertThat(all).hasSize(4);
        all.forEach((id, link) -> {
            assertThat(link.session()).isNotNull();
            boolean first = observations.get(0).equals(id);
            boolean second = observations.get(1).equals(id);
            assertThat(link.previous()).as("before %s", id).isEqualTo(second ? observations.get(0) : null);
            assertThat(link.next()).as("after %s", id).isEqualTo(first ? observations.get(1) : null);
        });
    }

    @Test
    void onlyWhatIsThereAndPassesTheFiltersHasALink() {
        store.save(said("a", "s", 1_000), said("b", "s", 2_000), said("c", "t", 3_000));
        store.save(at(noteOf(OTHER, "d"), 4_000));
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(1L), null, null, null, null, null, null, false));

        assertThat(links(ALL, 4, 3, 2, 1, 99)).containsOnlyKeys(2L, 3L, 4L);
        assertThat(link(2).previous())
                .as("what was forgotten is beside nothing")
                .isNull();
        assertThat(links(SearchQuery.of(null, OTHER.name(), 20), 1, 2, 3, 4)).containsOnlyKeys(4L);
        assertThat(links(filtered("s", null), 2, 3, 4)).containsOnlyKeys(2L);
        assertThat(links(filtered(null, 3_000L), 2, 3, 4)).containsOnlyKeys(3L, 4L);
        assertThat(links(filtered("unknown", null), 2, 3, 4)).isEmpty();
        assertThat(links(ALL)).isEmpty();
    }

    @Test
    void tooManyIdsAreRefusedByName() {
        List<Long> ids = LongStream.rangeClosed(0, LinksQuery.MAX_IDS).boxed().toList();

        assertThat(store.refusal(Addresses.STORE_LINKS, new LinksQuery(ALL, ids))
                        .field())
                .isEqualTo("ids");
        assertThat(store.ask(Addresses.STORE_LINKS, new LinksQuery(ALL, ids.subList(1, ids.size())))
                        .links())
                .isEmpty();
    }

    private static SearchQuery filtered(@Nullable String session, @Nullable Long from) {
        return new SearchQuery(
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                session,
                from,
                null,
                20,
                0,
                SearchOrder.RELEVANCE,
                false);
    }

    private static NewObservation observed(String title, long at, TurnWork work) {
        return observed(title, at, work.fresh());
    }

    private static NewObservation observed(String title, long at, List<Long> uses) {
        return new NewObservation(
                "change", title, null, "text", List.of(), List.of(), List.of(), List.of(), List.of(), uses, at);
    }

    private List<Long> ids(Kind kind) {
        return store
                .ask(
                        Addresses.STORE_SEARCH,
                        new SearchQuery(
                                null,
                                List.of(kind),
                                List.of(),
                                List.of(),
                                null,
                                PROJECT.key(),
                                null,
                                null,
                                null,
                                null,
                                20,
                                0,
                                SearchOrder.OLDEST,
                                false))
                .rows()
                .stream()
                .map(row -> row.id())
                .toList();
    }

    private static NewMemory said(String text, String session, long at) {
        return new NewMemory(text, null, null, PROJECT.key(), List.of(), List.of(), at, session);
    }

    private static NewMemory noteOf(Project project, String text) {
        return new NewMemory(text, null, null, project.key(), List.of(), List.of(), null);
    }

    private static NewMemory at(NewMemory memory, long at) {
        return new NewMemory(memory.text(), null, null, memory.project(), List.of(), List.of(), at);
    }

    private Map<Long, Links.Link> links(SearchQuery query, long... ids) {
        List<Long> wanted = LongStream.of(ids).boxed().toList();
        return store.ask(Addresses.STORE_LINKS, new LinksQuery(query, wanted)).links().stream()
                .collect(Collectors.toMap(Links.Link::id, Function.identity()));
    }

    private Links.Link link(long id) {
        return links(ALL, id).values().iterator().next();
    }

    private List<@Nullable Long> beside(long id) {
        Links.Link link = link(id);
        return Arrays.asList(link.previous(), link.next());
    }
}
