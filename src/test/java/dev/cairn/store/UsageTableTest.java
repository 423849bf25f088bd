package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PLATFORM;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Spent;
import dev.cairn.bus.SpentQuery;
import dev.cairn.bus.UsageEntry;
import dev.cairn.bus.UsageQuery;
import dev.cairn.bus.UsageReport;
import dev.cairn.bus.UsageSum;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import dev.cairn.observer.spi.Fault;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What models used: the sums, who may be told of them, and what is left when names are forgotten. */
class UsageTableTest {
    private static final long DAY = 86_400_000;
    /** 2026-11-23 at noon. */
    private static final long NOON = 1_795_435_200_000L;

    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory);
        store.append(PROJECT, prompt("s1", "p1", "ask", 10));
        store.append(PROJECT, prompt("s2", "p2", "ask", 10));
        store.append(OTHER, prompt("s3", "p3", "ask", 10));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void add(String provider, Project project, String session, String outcome, @Nullable Long cost, long at) {
        store.ask(
                Addresses.STORE_USAGE_ADD,
                new UsageEntry(provider, "small", project, PLATFORM, session, outcome, 100, 10, 3, 2, cost, 900, at));
    }

    private Spent spent(String session) {
        return store.ask(Addresses.STORE_SPENT, new SpentQuery(NOON - DAY / 2, PLATFORM, session));
    }

    private UsageReport report(String... by) {
        return store.ask(Addresses.STORE_USAGE, new UsageQuery(null, null, null, null, List.of(by)));
    }

    private static UsageSum sum(int calls, int failures, long cost, int unpriced) {
        return new UsageSum(calls, failures, calls * 100L, calls * 10L, calls * 3L, calls * 2L, cost, unpriced);
    }

    @Test
    @DisplayName("E6: what was spent today, and by the session on whichever day, is known right after each question")
    void whatWasSpentIsKnownAtOnce() {
        assertThat(spent("s1")).isEqualTo(new Spent(UsageSum.NONE, UsageSum.NONE));
        add("anthropic", PROJECT, "s1", "answered", 40L, NOON - DAY);
        add("anthropic", PROJECT, "s1", "answered", 50L, NOON);
        add("openai", PROJECT, "s2", "rate_limit", null, NOON);
        assertThat(spent("s1")).isEqualTo(new Spent(sum(2, 1, 50, 1), sum(2, 0, 90, 0)));
        assertThat(spent("s2")).isEqualTo(new Spent(sum(2, 1, 50, 1), sum(1, 1, 0, 1)));
        assertThat(spent("nobody").session()).isEqualTo(UsageSum.NONE);
        store.reopen();
        assertThat(spent("s1")).isEqualTo(new Spent(sum(2, 1, 50, 1), sum(2, 0, 90, 0)));
        assertThat(store.number("SELECT count(*) FROM model_usage")).isEqualTo(3);
    }

    @Test
    void oneRowHoldsAllOfADayAndSession() {
        for (int i = 0; i < 10; i++) {
            add("anthropic", PROJECT, "s1", "answered", 1L, NOON + i);
        }
        assertThat(store.number("SELECT count(*) FROM model_usage")).isEqualTo(1);
        assertThat(report().total()).isEqualTo(sum(10, 0, 10, 0));
        assertThat(report().items()).isEmpty();
    }

    @Test
    void whatEachGroupUsedStandsNewestFirstThenByName() {
        add("openai", PROJECT, "s1", "answered", 1L, NOON);
        add("anthropic", PROJECT, "s1", "answered", 2L, NOON);
        add("anthropic", OTHER, "s3", "answered", 4L, NOON - DAY);
        assertThat(report("provider", "day").items())
                .extracting(UsageReport.Item::group)
                .extracting(group -> List.copyOf(group.entrySet()).toString())
                .containsExactly(
                        "[day=2026-11-23, provider=anthropic]",
                        "[day=2026-11-23, provider=openai]",
                        "[day=2026-11-22, provider=anthropic]");
        UsageReport byProject = report("project");
        assertThat(byProject.total()).isEqualTo(sum(3, 0, 7, 0));
        assertThat(byProject.items())
                .containsExactly(
                        new UsageReport.Item(Map.of("project", PROJECT.key(), "projectName", "cairn"), sum(2, 0, 3, 0)),
                        new UsageReport.Item(Map.of("project", OTHER.key(), "projectName", "other"), sum(1, 0, 4, 0)));
        assertThat(report("session", "model").items())
                .extracting(item -> item.group().toString())
                .containsExactly("{model=small, session=s1}", "{model=small, session=s3}");
    }

    @ParameterizedTest
    @CsvSource({
        ",     ,                ,          7",
        "0,    ,                ,          3",
        ",     0,               ,          4",
        "-43200000, -43199999,  ,          4",
        "1,    2,               ,          3",
        ",     ,      cairn,               3",
        ",     ,      /home/u/other,       4",
        ",     ,      nowhere,             0",
    })
    void filtersAreWholeDays(@Nullable Long from, @Nullable Long to, @Nullable String project, long cost) {
        add("openai", PROJECT, "s1", "answered", 3L, NOON);
        add("anthropic", OTHER, "s3", "answered", 4L, NOON - DAY);
        long midnight = NOON - DAY / 2;
        UsageQuery query = new UsageQuery(
                from == null ? null : midnight + from, to == null ? null : midnight + to, project, null, List.of());
        assertThat(store.ask(Addresses.STORE_USAGE, query).total().costMicros()).isEqualTo(cost);
        assertThat(store.ask(Addresses.STORE_USAGE, new UsageQuery(null, null, null, "openai", List.of("provider")))
                        .items())
                .hasSize(1);
    }

    @Test
    void anUnknownGroupIsRefusedByItsName() {
        var refused =
                store.refusal(Addresses.STORE_USAGE, new UsageQuery(null, null, null, null, List.of("day", "colour")));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused.field()).isEqualTo("by");
        assertThat(refused)
                .hasMessageContaining("colour")
                .hasMessageContaining("day, provider, model, project, session");
    }

    @Test
    void aForgottenSessionAndProjectLoseTheirNamesAndTheSumsStay() {
        add("anthropic", PROJECT, "s1", "answered", 1L, NOON);
        add("anthropic", PROJECT, "s2", "answered", 2L, NOON);
        add("anthropic", OTHER, "s3", "answered", 4L, NOON);
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, "s1", null, null, null, false));
        assertThat(report("session").items())
                .extracting(item -> item.group().toString())
                .containsExactly("{session=s2}", "{session=s3}", "{}");
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, "other", null, null, null, null, false));
        assertThat(report("project").items())
                .containsExactly(
                        new UsageReport.Item(Map.of("project", PROJECT.key(), "projectName", "cairn"), sum(2, 0, 3, 0)),
                        new UsageReport.Item(Map.of(), sum(1, 0, 4, 0)));
        assertThat(spent("s1")).isEqualTo(new Spent(sum(3, 0, 7, 0), UsageSum.NONE));

        add("anthropic", OTHER, "s3", "answered", 8L, NOON);
        assertThat(store.number("SELECT count(*) FROM project WHERE name = 'other'"))
                .as("an answer that comes late brings no name back")
                .isZero();
        assertThat(report().total()).isEqualTo(sum(4, 0, 15, 0));
    }

    @Test
    void sumsAreKeptForAYearAndALittle() {
        add("anthropic", PROJECT, "s1", "answered", 1L, NOON - (UsageTable.KEPT_DAYS + 1) * DAY);
        add("anthropic", PROJECT, "s1", "answered", 2L, NOON - UsageTable.KEPT_DAYS * DAY);
        add("anthropic", PROJECT, "s1", "answered", 4L, NOON);
        assertThat(report().total().costMicros()).isEqualTo(6);
    }

    @Test
    void eachFaultOfAProviderCountsAsAFailure() {
        assertThat(UsageEntry.FAILURES)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Fault.values())
                        .map(fault -> fault.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void negativeFiguresAreRefused() {
        var refused = store.refusal(
                Addresses.STORE_USAGE_ADD,
                new UsageEntry("a", "b", PROJECT, PLATFORM, "s1", "answered", 1, -1, 0, 0, null, 5, NOON));
        assertThat(refused.field()).isEqualTo("outputTokens");
        assertThat(report().total()).isEqualTo(UsageSum.NONE);
    }
}
