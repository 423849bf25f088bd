package dev.cairn.observer.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Spent;
import dev.cairn.bus.SpentQuery;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.UsageEntry;
import dev.cairn.bus.UsageSum;
import dev.cairn.config.ObserverConfig;
import dev.cairn.observer.Observed;
import dev.cairn.observer.Observer;
import dev.cairn.observer.Postponed;
import dev.cairn.observer.RuleObserver;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.SecretSamples;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelObserverTest {
    private static final String USEFUL = "The agent changed src/upload.js so that the function retryUpload is called.";
    private static final String CUT = "{\"observations\":[{\"type\":\"change\",\"title\":\"Kept\",\"refs\":[1]},{\"ty";

    private static final ObserverConfig.Budget UNLIMITED = new ObserverConfig.Budget(0, 0, 0, 0, 0);
    private static final long TIMEOUT_MS = 500;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedModel model = new ScriptedModel();
    private final List<UsageEntry> usage = Collections.synchronizedList(new ArrayList<>());
    private Spent spent = new Spent(UsageSum.NONE, UsageSum.NONE);
    private ProviderState state;
    private Observer observer;

    @BeforeEach
    void setUp() {
        Bus bus = new Bus(vertx);
        bus.serve(Addresses.STORE_USAGE_ADD, (UsageEntry entry) -> {
            usage.add(entry);
            return Future.succeededFuture(Nothing.NOTHING);
        });
        bus.serve(Addresses.STORE_SPENT, (SpentQuery query) -> Future.succeededFuture(spent));
        make(20, UNLIMITED);
    }

    /** An observer of a provider that nothing is known of yet. */
    private void make(int toolUses, ObserverConfig.Budget budget) {
        ObserverConfig config = Configs.observer(Works.batch(toolUses, 12_000), budget, TIMEOUT_MS);
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("test-observers", 2);
        Bus bus = new Bus(vertx);
        state = new ProviderState(bus, config);
        observer = new ModelObserver(
                model,
                new RuleObserver(workers),
                new Batches(Works.PRIVACY, 1_500),
                new Results(new PrivacyFilter(Works.PRIVACY)),
                new Ledger(bus, registry, "scripted", config.prices()),
                state,
                config,
                workers);
    }

    @AfterEach
    void tearDown() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static Works two() {
        return new Works()
                .edit("src/upload.js", "once()", "retryUpload()")
                .bash("npm test", "12 passing")
                .said("Uploads are tried again now.");
    }

    private static Works one() {
        return new Works().edit("src/upload.js", "once()", "retryUpload()").said("Done.");
    }

    private Observed observe(TurnWork work) throws Exception {
        return observer.observe(work).await(10, TimeUnit.SECONDS);
    }

    private Throwable failure(TurnWork work) {
        Future<Observed> future = observer.observe(work);
        assertThatThrownBy(() -> future.await(10, TimeUnit.SECONDS)).isNotNull();
        return future.cause();
    }

    private static List<String> titles(Observed observed) {
        return observed.observations().stream().map(NewObservation::title).toList();
    }

    @Test
    void whatTheModelSaysAndWhatTheRecordsSayComeTogether() throws Exception {
        Observed observed = observe(two().work());
        assertThat(titles(observed)).containsExactly("Edit of /home/dev/shop/src/upload.js", "Bash of npm test");
        NewObservation edit = observed.observations().get(0);
        assertThat(edit.filesModified()).containsExactly("src/upload.js");
        assertThat(edit.toolUseIds()).containsExactly(1L);
        assertThat(edit.createdAt()).isEqualTo(Works.START + 1_000);
        assertThat(observed.observations().get(1).commands()).hasSize(1);
        assertThat(observed.summary().completed()).isEqualTo("All of it.");
        assertThat(observed.summary().notes()).isEqualTo("Uploads are tried again now.");
        assertThat(observed.summary().filesModified()).containsExactly("src/upload.js");
        assertThat(observed.seen()).containsExactly(1L, 2L);
        assertThat(observed.more()).isFalse();
        assertThat(usage).hasSize(1);
        assertThat(usage.get(0).outcome()).isEqualTo("answered");
        assertThat(usage.get(0).inputTokens()).isEqualTo(100);
        assertThat(registry.get("cairn.observer.tokens")
                        .tag("kind", "output")
                        .counter()
                        .count())
                .isEqualTo(20);
    }

    @Test
    void aFactNamesTheFileThatWasChanged() throws Exception {
        model.says(
                "{\"observations\":[{\"type\":\"change\",\"title\":\"T\",\"facts\":[\"It is done.\"],\"refs\":[1]}]}");
        assertThat(observe(one().work()).observations().get(0).facts())
                .containsExactly("It is done.", "Changed src/upload.js.");
    }

    @Test
    void aBatchIsStoredBeforeTheNextIsAsked() throws Exception {
        make(2, UNLIMITED);
        Works works = new Works()
                .bash("make 1", "")
                .bash("make 2", "")
                .bash("make 3", "")
                .said("ok");
        Observed first = observe(works.work());
        assertThat(first.more()).isTrue();
        assertThat(first.seen()).containsExactly(1L, 2L);
        assertThat(first.summary()).isNull();
        Observed last = observe(works.seen(Set.of(1L, 2L)).work());
        assertThat(last.more()).isFalse();
        assertThat(last.seen()).containsExactly(3L);
        assertThat(last.summary()).isNotNull();
    }

    /** Each line of the table with what brings it about and what must come of it. */
    static List<Outcomes.Line> lines() {
        return Outcomes.TABLE;
    }

    @ParameterizedTest
    @MethodSource("lines")
    @DisplayName("D2: every line of the table of outcomes")
    void everyLineOfTheTable(Outcomes.Line line) throws Exception {
        boolean divisible = line.when() == Outcomes.When.DIVISIBLE;
        boolean repaired = line.when() == Outcomes.When.ALWAYS && repairsFirst(line.finding());
        TurnWork work = (divisible ? two() : one()).work();
        if (line.outcome() == Outcome.RETRY_LATER) {
            // The provider is in trouble already: then it is not the batch's own fault.
            state.gate.failed(line.finding(), "trouble", 1_000L, System.currentTimeMillis() - 100_000);
        }
        bring(line.finding());
        if (repaired) {
            bring(line.finding());
        }
        switch (line.outcome()) {
            case STORE -> assertThat(titles(observe(work))).containsExactly("Brought");
            case SKIP -> {
                Observed observed = observe(work);
                assertThat(observed.observations()).isEmpty();
                assertThat(observed.seen()).isEqualTo(work.fresh());
                assertThat(observed.summary()).isNotNull();
            }
            case SALVAGE -> assertThat(observe(work).observations()).hasSize(1);
            case SHRINK -> {
                Observed observed = observe(work);
                assertThat(observed.seen()).containsExactly(1L);
                assertThat(observed.more()).isTrue();
                assertThat(model.requests).hasSize(2);
                assertThat(model.requests.get(1).document().length())
                        .isLessThan(model.requests.get(0).document().length());
            }
            case REPAIR -> {
                assertThat(observe(work).observations()).hasSize(1);
                assertThat(model.requests).hasSize(2);
                assertThat(model.requests.get(1).document()).contains("cannot be used");
            }
            case RETRY_LATER -> {
                Throwable later = failure(work);
                assertThat(later).isInstanceOf(Postponed.class);
                assertThat(((Postponed) later).retryAt()).isGreaterThan(System.currentTimeMillis());
                assertThat(observer.readyAt()).isGreaterThan(System.currentTimeMillis());
            }
            case FAIL -> {
                assertThat(failure(work)).isNotInstanceOf(Postponed.class);
                assertThat(observer.readyAt()).isZero();
            }
        }
        assertThat(usage).hasSameSizeAs(model.requests);
    }

    private static boolean repairsFirst(Finding finding) {
        return Outcomes.of(finding, false, false) == Outcome.REPAIR;
    }

    private void bring(Finding finding) {
        switch (finding) {
            case ANSWERED ->
                model.says("{\"observations\":[{\"type\":\"change\",\"title\":\"Brought\",\"refs\":[1]}]}");
            case NOTHING -> model.says("{\"observations\":[],\"skipped\":\"routine\"}");
            case EMPTY -> model.says(" ");
            case DRIFT -> model.says("{\"result\":\"ok\"}");
            case CUT -> model.ends(CUT, ModelAnswer.End.CUT);
            case PROSE -> model.says(USEFUL);
            case CHATTER -> model.says("I would be happy to help you! What would you like me to do with this today?");
            case REFUSED -> model.ends("", ModelAnswer.End.REFUSED);
            default -> model.fails(Fault.valueOf(finding.name()), null);
        }
    }

    @ParameterizedTest
    @EnumSource(Finding.class)
    void everyFindingHasALineThatAlwaysCounts(Finding finding) {
        assertThat(Outcomes.TABLE)
                .contains(Outcomes.TABLE.stream()
                        .filter(line -> line.finding() == finding && line.when() == Outcomes.When.ALWAYS)
                        .findFirst()
                        .orElseThrow());
        assertThat(Arrays.stream(Fault.values()).map(Finding::of)).doesNotHaveDuplicates();
    }

    @Test
    void aSingleToolUseThatIsTooLongIsToldShorterAndShorterAndThenFails() {
        Works works = new Works().bash("cat big", "word ".repeat(10_000)).said("ok");
        for (int i = 0; i < 10; i++) {
            model.fails(Fault.TOO_LONG, null);
        }
        assertThat(failure(works.work())).isNotInstanceOf(Postponed.class).hasMessageContaining("TOO_LONG");
        List<Integer> lengths = model.requests.stream()
                .map(request -> request.document().length())
                .toList();
        assertThat(lengths).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
        assertThat(lengths.get(lengths.size() - 1)).isLessThan(2_000);
    }

    @Test
    @DisplayName("D3: what fails while the model answers others is the batch's own fault")
    void blame() throws Exception {
        model.fails(Fault.TRANSPORT, null);
        assertThat(failure(one().work())).isNotInstanceOf(Postponed.class);
        assertThat(state.gate.isOpen()).isFalse();
    }

    @Test
    @DisplayName("D5: when nobody is answered nothing is used up, and one question tries")
    void outage() throws Exception {
        model.fails(Fault.AUTH, null);
        Postponed first = (Postponed) failure(one().work());
        assertThat(first).hasMessage("It went wrong: AUTH.");
        assertThat(failure(one().work())).isInstanceOf(Postponed.class);
        assertThat(model.requests).hasSize(1);
        assertThat(state.detail(System.currentTimeMillis())).containsEntry("problemKind", "auth");
        assertThat(state.notice(System.currentTimeMillis())).contains("It went wrong: AUTH.");
        assertThat(state.notice(System.currentTimeMillis())).isNull();
    }

    @Test
    void aProviderThatNeverAnswersIsNotWaitedForForEver() {
        model.never();
        assertThat(failure(one().work())).hasMessageContaining("did not answer in time");
    }

    @Test
    void aTryThatEndsByADefectLeavesTheNextOneToTry() {
        state.gate.failed(Finding.TRANSPORT, "trouble", 1_000L, System.currentTimeMillis() - 100_000);
        model.ends(null, ModelAnswer.End.COMPLETE);
        failure(one().work());
        assertThat(observer.readyAt()).isZero();
        assertThat(state.gate.enter(System.currentTimeMillis())).isTrue();
    }

    @Test
    void aProviderWithADefectHarmsNobody() {
        model.throwsUp();
        assertThat(failure(one().work())).hasMessageContaining("a defect");
    }

    @Test
    @DisplayName("E6: when the day's budget is used up rules take over, and it shows")
    void budget() throws Exception {
        make(20, new ObserverConfig.Budget(3, 0, 0, 0, 0));
        spent = new Spent(new UsageSum(3, 0, 10, 10, 0, 0, 0, 0), UsageSum.NONE);
        Observed observed = observe(two().work());
        assertThat(model.requests).isEmpty();
        assertThat(observed.seen()).containsExactly(1L, 2L);
        assertThat(observed.summary()).isNotNull();
        long now = System.currentTimeMillis();
        assertThat(state.detail(now).get("budget")).contains("callsPerDay (3) is used up");
        assertThat(state.notice(now)).contains("made by rules");
        assertThat(state.notice(now)).isNull();
        spent = new Spent(new UsageSum(2, 0, 10, 10, 0, 0, 0, 0), UsageSum.NONE);
        observe(two().work());
        assertThat(model.requests).hasSize(1);
        assertThat(state.detail(now)).doesNotContainKey("budget");
    }

    @Test
    void aSessionsBudgetHoldsForThatSession() throws Exception {
        make(20, new ObserverConfig.Budget(0, 0, 0, 500, 0));
        spent = new Spent(UsageSum.NONE, new UsageSum(1, 0, 400, 90, 0, 0, 0, 0));
        observe(two().work());
        assertThat(model.requests).isEmpty();
        assertThat(state.detail(System.currentTimeMillis())).doesNotContainKey("budget");
    }

    @Test
    @DisplayName("H5: a model's words are filtered like anybody's")
    void anAnswerIsFiltered() throws Exception {
        String token = SecretSamples.of("github-token p");
        model.says("{\"observations\":[{\"type\":\"change\",\"title\":\"Uses " + token + "\",\"narrative\":\"" + token
                + "\",\"facts\":[\"" + token + "\"],\"refs\":[1]}],\"summary\":{\"learned\":\"" + token + "\"}}");
        Observed observed = observe(one().work());
        assertThat(observed.toString()).doesNotContain(token).contains("[secret:");
    }
}
