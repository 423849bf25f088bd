package dev.cairn.http.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.MemoryIds;
import dev.cairn.bus.PromptContext;
import dev.cairn.bus.PromptContext.Outcome;
import dev.cairn.bus.PromptQuery;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.SessionMemories;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.ContextConfig;
import dev.cairn.model.Project;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Prompts through {@link Hooks}, with the rooms behind it faked on a real bus. */
class PromptAnswersTest {
    private static final Project PROJECT = new Project("/p/one", "one");
    private static final PromptContext FOUND = new PromptContext(Outcome.INJECTED, "What was found.", 4, List.of(7L));

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Object> asked = new CopyOnWriteArrayList<>();
    private volatile @Nullable Project project = PROJECT;
    private volatile long recordingMs;
    private volatile Function<PromptQuery, Future<PromptContext>> about = query -> Future.succeededFuture(FOUND);

    @BeforeEach
    void serve() {
        bus.serve(Addresses.SESSION_RECORD, events -> {
            Recorded recorded = new Recorded(project, 1, 0);
            return recordingMs == 0
                    ? Future.succeededFuture(recorded)
                    : vertx.timer(recordingMs).map(recorded);
        });
        bus.serve(Addresses.CONTEXT_PROMPT, query -> {
            asked.add(query);
            return about.apply(query);
        });
        bus.serve(
                Addresses.CONTEXT_BUILD,
                query -> Future.succeededFuture(
                        new ContextText(query.project(), "Known.", 2, List.of(5L), List.of(9L))));
        bus.serve(Addresses.STORE_TELL, request -> {
            asked.add(request);
            return Future.succeededFuture(new MemoryIds(request.ids()));
        });
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aPromptIsAnsweredWithWhatBearsOnIt() throws Exception {
        assertThat(hook(true, 5_000, "UserPromptSubmit", ",\"prompt\":\"why?\""))
                .isEqualTo("{\"hookSpecificOutput\":{\"hookEventName\":\"UserPromptSubmit\","
                        + "\"additionalContext\":\"What was found.\"}}");
        PromptQuery query = (PromptQuery) asked.get(0);
        assertThat(query.project()).isEqualTo("/p/one");
        assertThat(query.sessionId()).isEqualTo("s-1");
        assertThat(query.prompt()).isEqualTo("why?");
        assertThat(query.withinMs()).isBetween(1L, 5_000L);
        assertThat(count("injected")).isEqualTo(1);
    }

    @Test
    void whereNothingBearsOnItOnlyTheCountSaysSo() throws Exception {
        for (Outcome outcome : List.of(Outcome.BELOW, Outcome.TOLD, Outcome.UNAVAILABLE)) {
            about = query -> Future.succeededFuture(PromptContext.none(outcome));
            assertThat(prompt(5_000)).isEqualTo("{}");
        }
        assertThat(List.of(count("below"), count("told"), count("unavailable"), count("injected")))
                .containsExactly(1.0, 1.0, 1.0, 0.0);
    }

    @Test
    @DisplayName("C1: the hook waits no longer than the deadline, and drops what comes late")
    void aLateAnswerIsDropped() throws Exception {
        about = query -> Promise.<PromptContext>promise().future();
        long begin = System.nanoTime();

        assertThat(prompt(120)).isEqualTo("{}");

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(100L, 1_500L);
        assertThat(count("late")).isEqualTo(1);
    }

    @Test
    void theTimeThatRecordingTookCounts() throws Exception {
        recordingMs = 200;

        assertThat(prompt(120)).isEqualTo("{}");

        assertThat(asked).isEmpty();
        assertThat(count("late")).isEqualTo(1);
    }

    @Test
    void aRoomThatIsGoneIsNoTrouble() throws Exception {
        about = query -> {
            throw new IllegalStateException("broken");
        };

        assertThat(prompt(5_000)).isEqualTo("{}");
        assertThat(count("unavailable")).isEqualTo(1);
    }

    @Test
    void offNobodyIsAsked() throws Exception {
        assertThat(hook(false, 5_000, "UserPromptSubmit", ",\"prompt\":\"why?\""))
                .isEqualTo("{}");
        assertThat(hook(false, 5_000, "SessionStart", "")).contains("Known.");
        assertThat(asked).isEmpty();
    }

    @Test
    void subAgentsTheHostsOwnWordsAndExcludedProjectsGetNone() throws Exception {
        assertThat(hook(true, 5_000, "UserPromptSubmit", ",\"prompt\":\"why?\",\"agent_id\":\"a-1\""))
                .isEqualTo("{}");
        assertThat(hook(
                        true,
                        5_000,
                        "UserPromptSubmit",
                        ",\"prompt\":\"\\n<task-notification><result>done</result></task-notification>\""))
                .isEqualTo("{}");
        assertThat(hook(true, 5_000, "UserPromptSubmit", ",\"prompt\":\" \"")).isEqualTo("{}");
        project = null;
        assertThat(prompt(5_000)).isEqualTo("{}");
        assertThat(asked).isEmpty();
    }

    @Test
    void onlyPromptsAreAnswered() throws Exception {
        for (String event : List.of("UserPromptExpansion", "PostToolUse", "Stop", "SessionEnd")) {
            assertThat(hook(true, 5_000, event, ",\"prompt\":\"why?\",\"tool_name\":\"Read\""))
                    .isEqualTo("{}");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void whatTheSessionWasToldAtItsStartIsNoted() throws Exception {
        assertThat(hook(true, 5_000, "SessionStart", "")).contains("Known.");
        assertThat(asked).containsExactly(new SessionMemories("claude-code", "s-1", List.of(5L, 9L)));
    }

    private String prompt(int deadlineMs) throws Exception {
        return hook(true, deadlineMs, "UserPromptSubmit", ",\"prompt\":\"why?\"");
    }

    private String hook(boolean enabled, int deadlineMs, String event, String more) throws Exception {
        ContextConfig config =
                new ContextConfig(true, 2_000, 10, 30, new ContextConfig.Prompt(enabled, 3, 600, deadlineMs, 0));
        Hooks hooks = new Hooks(bus, meters, config);
        JsonNode body = WireFormat.mapper().readTree("{\"session_id\":\"s-1\",\"cwd\":\"/p/one\"" + more + "}");
        return hooks.record(hooks.read(event, null, "r-1", false, body)).await(10, TimeUnit.SECONDS);
    }

    private double count(String outcome) {
        return meters.get("cairn.prompt.context")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
