package dev.cairn.observer.claude;

import static dev.cairn.observer.claude.FakeClaude.recorded;
import static dev.cairn.observer.claude.FakeClaude.request;
import static dev.cairn.observer.claude.FakeClaude.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelAnswer.End;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.OwnSessions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ClaudeModelTest {
    @TempDir
    Path dir;

    private static void assertFault(FakeClaude claude, Fault fault, String says) {
        assertFault(claude, 20_000, fault, says);
    }

    private static void assertFault(FakeClaude claude, long timeoutMs, Fault fault, String says) {
        assertThatThrownBy(() -> claude.ask(request("one", "{}", timeoutMs)))
                .isInstanceOfSatisfying(ModelException.class, failure -> {
                    assertThat(failure.fault()).as(failure.getMessage()).isEqualTo(fault);
                    assertThat(failure.getMessage()).contains(says);
                });
    }

    private static void assertGone(FakeClaude claude) throws Exception {
        until("nothing is left under " + claude.agents, () -> {
            try {
                return claude.left().isEmpty();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void theProgramIsStartedAsAModelAndNothingElse() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HOME", dir.toString(),
                "ANTHROPIC_API_KEY", "sk-made-up",
                "AWS_REGION", "eu-west-1",
                "CLAUDE_CODE_USE_BEDROCK", "1",
                "CAIRN_HTTP_TOKEN", "secret",
                "CLAUDECODE", "1",
                "CLAUDE_CODE_ENTRYPOINT", "cli",
                "MAX_THINKING_TOKENS", "9000",
                "HTTPS_PROXY", "http://127.0.0.1:1"));
        environment.put("OPENAI_API_KEY", "other");
        JsonObject observer = new JsonObject().put("proxy", "http://127.0.0.1:3128");
        try (FakeClaude claude = new FakeClaude(dir, observer, new JsonObject(), environment)) {
            claude.always("cp \"$(dirname \"$TMPDIR\")/system.txt\" \"$here\"\n" + recorded("two-answers", 1));
            assertThat(claude.starts()).as("not before it is needed").isZero();
            assertThat(claude.ask(request("one", "{}")).text()).isEqualTo("{\"ok\":true}");
            List<String> arguments = claude.noted("arguments");
            assertThat(String.join(" ", arguments))
                    .startsWith(
                            "-p --input-format stream-json --output-format stream-json --verbose --model haiku --tools ")
                    .contains(
                            " --strict-mcp-config --setting-sources  --no-session-persistence --disable-slash-commands");
            String session = arguments.get(arguments.indexOf("--session-id") + 1);
            assertThat(OwnSessions.of(claude.vertx).contains(session))
                    .as("E2: known as our own")
                    .isTrue();
            assertThat(claude.noted("environment"))
                    .contains(
                            "CAIRN_OBSERVER=1",
                            "MAX_THINKING_TOKENS=0",
                            "CLAUDE_CODE_DISABLE_THINKING=1",
                            "CLAUDE_CODE_MAX_OUTPUT_TOKENS=4000",
                            "CLAUDE_CODE_MAX_RETRIES=0",
                            "CLAUDE_CODE_DISABLE_ATTACHMENTS=1",
                            "DISABLE_TELEMETRY=1",
                            "DISABLE_AUTOUPDATER=1",
                            "HOME=" + dir,
                            "ANTHROPIC_API_KEY=sk-made-up",
                            "AWS_REGION=eu-west-1",
                            "CLAUDE_CODE_USE_BEDROCK=1",
                            "HTTPS_PROXY=http://127.0.0.1:3128")
                    .noneMatch(line -> line.matches("(CAIRN_HTTP|OPENAI|CLAUDECODE|CLAUDE_CODE_ENTRYPOINT).*"));
            Path work = Path.of(claude.noted("directory").get(0));
            assertThat(work).startsWithRaw(claude.agents);
            assertThat(claude.noted("listing")).as("an empty directory").isEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(claude.agents)))
                    .isEqualTo("rwx------");
            assertThat(claude.noted("system.txt")).containsExactly("You observe.");
        }
        try (var left = Files.list(dir.resolve("data/agents"))) {
            assertThat(left).as("E3: gone with it").isEmpty();
        }
    }

    @Test
    void aConversationHasOneChildAndIsToldWhatWentBeforeOnce() throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.script(2, recorded("two-answers", 2));
            assertThat(claude.ask(request("one", "{\"n\":1}")).usage().costMicros())
                    .isEqualTo(17);
            ModelAnswer second = claude.ask(request("one", "{\"n\":2}"));
            assertThat(second.usage().costMicros()).as("of this answer alone").isEqualTo(17);
            assertThat(claude.starts()).isEqualTo(1);
            claude.ask(request("other", "{\"n\":3}"));
            assertThat(claude.starts())
                    .as("another conversation, another child")
                    .isEqualTo(2);
            assertThat(claude.told())
                    .containsExactly(
                            "To observe:\nEarlier: nothing.\n\n{\"n\":1}",
                            "To observe:\n{\"n\":2}",
                            "To observe:\nEarlier: nothing.\n\n{\"n\":3}");
            assertThat(claude.left()).as("one child at a time").hasSize(1);
        }
    }

    @Test
    void aConversationThatHasGrownTooLongBeginsAnew() throws Exception {
        JsonObject observer = new JsonObject().put("claude", new JsonObject().put("conversationTokens", 200));
        try (FakeClaude claude = new FakeClaude(dir, observer, new JsonObject(), Map.of())) {
            // An answer's conversation is of 159 tokens.
            claude.ask(request("one", "{}"));
            claude.ask(request("one", "{}"));
            assertThat(claude.starts()).isEqualTo(1);
            claude.ask(request("one", "x".repeat(400)));
            assertThat(claude.starts()).isEqualTo(2);
            assertThat(claude.told().get(2)).contains("Earlier: nothing.");
        }
    }

    @Test
    void withoutConversationsEachQuestionHasItsOwnChild() throws Exception {
        JsonObject observer = new JsonObject().put("claude", new JsonObject().put("conversationTokens", 0));
        try (FakeClaude claude = new FakeClaude(dir, observer, new JsonObject(), Map.of())) {
            claude.ask(request("one", "{}"));
            assertGone(claude);
            claude.ask(request("one", "{}"));
            assertThat(claude.starts()).isEqualTo(2);
            assertThat(claude.told()).allMatch(told -> told.contains("Earlier: nothing."));
        }
    }

    @Test
    void afterAnErrorOrACutAnswerTheChildIsAnother() throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.script(1, recorded("rate-limit", 1));
            claude.script(2, recorded("cut", 1) + "sleep 600");
            assertFault(claude, Fault.RATE_LIMIT, "slow down");
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.CUT);
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.COMPLETE);
            assertThat(claude.starts()).isEqualTo(3);
            assertThat(claude.told()).allMatch(told -> told.contains("Earlier: nothing."));
        }
    }

    @Test
    void whatIsNotOfTheProtocolEndsTheChild() throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.script(1, "echo 'a warning of sk-abcdefghijkl'");
            assertFault(claude, Fault.PROTOCOL, "not JSON: a warning of [key]");
            claude.script(2, "head -c 300000 /dev/zero | tr '\\0' x; echo");
            assertFault(claude, Fault.PROTOCOL, "more than 262144 characters");
            claude.script(3, recorded("own-command", 1));
            assertFault(claude, Fault.PROTOCOL, "in the model's place");
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.COMPLETE);
            assertThat(claude.starts()).isEqualTo(4);
        }
    }

    @Test
    void aSilentProgramIsEndedAtTheTimeOut() throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.script(1, "trap '' TERM; echo $$ >\"$here/pid\"; while :; do sleep 600; done");
            long begin = System.nanoTime();
            assertFault(claude, 500, Fault.TRANSPORT, "within 500 ms");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                    .as("not the 20 s of the others")
                    .isLessThan(10_000);
            long pid = Long.parseLong(claude.noted("pid").get(0));
            until(
                    "it is ended, though it does not mind SIGTERM",
                    () -> ProcessHandle.of(pid).isEmpty());
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.COMPLETE);
        }
    }

    @Test
    void aProgramThatDiesIsToldByItsLastWords() throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.script(1, "kill -9 $$");
            assertFault(claude, Fault.TRANSPORT, "ended with 137 before it had answered");
            claude.script(2, recorded("two-answers", 1).lines().findFirst().orElseThrow() + "\necho oops >&2; exit 3");
            until("it may be tried again", () -> retried(claude));
        }
    }

    /** The child's back-off is over, and the second question met the program that says oops. */
    private static boolean retried(FakeClaude claude) {
        try {
            claude.ask(request("one", "{}"));
            throw new AssertionError("it answered");
        } catch (ModelException e) {
            assertThat(e.fault()).isEqualTo(Fault.TRANSPORT);
            return e.getMessage().contains("ended with 3 before it had answered: oops");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aProgramThatNeverGetsGoingIsASetupProblemAndItsCircuitOpens() throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.write("refuse", "error: unknown option '--setting-sources'\n");
            assertFault(claude, Fault.SETUP, "unknown option '--setting-sources'; update it");
            assertFault(claude, Fault.TRANSPORT, "not tried again yet");
            assertThat(claude.starts()).as("a refusal starts nothing").isEqualTo(1);
            assertGone(claude);
        }
    }

    @Test
    @DisplayName("E4: without the program nothing is started and the remedy is told; installed later it is found")
    void aProgramThatIsInstalledLaterIsFound() throws Exception {
        JsonObject observer =
                new JsonObject().put("claude", new JsonObject().put("command", new JsonArray().add("claude")));
        Path bin = Files.createDirectories(dir.resolve("bin"));
        Map<String, String> path = Map.of("PATH", bin + ":/usr/bin:/bin");
        try (FakeClaude claude = new FakeClaude(dir, observer, new JsonObject(), path)) {
            for (int i = 0; i < 10; i++) {
                assertFault(claude, Fault.SETUP, "no program claude on the worker's PATH (" + bin);
            }
            Path program = bin.resolve("claude");
            Files.writeString(program, Files.readString(claude.here.resolve("claude")));
            assertFault(claude, Fault.SETUP, "no program claude");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.COMPLETE);
            Files.delete(program);
            assertThat(claude.ask(request("one", "{}")).end())
                    .as("the running one goes on")
                    .isEqualTo(End.COMPLETE);
            assertFaultOfOther(claude);
        }
    }

    private static void assertFaultOfOther(FakeClaude claude) {
        assertThatThrownBy(() -> claude.ask(request("other", "{}")))
                .isInstanceOfSatisfying(
                        ModelException.class,
                        failure -> assertThat(failure.fault()).isEqualTo(Fault.SETUP));
    }

    @Test
    @DisplayName("A6: an idle child is ended; one that takes long to answer is not idle")
    void anIdleChildIsEnded() throws Exception {
        JsonObject process = new JsonObject()
                .put("sweepMs", 50)
                .put("limits", new JsonObject().put("agent", new JsonObject().put("idleMs", 400)));
        try (FakeClaude claude = new FakeClaude(dir, new JsonObject(), process, Map.of())) {
            claude.script(1, "sleep 1.2\n" + recorded("two-answers", 1));
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.COMPLETE);
            assertGone(claude);
            assertThat(claude.ask(request("one", "{}")).end()).isEqualTo(End.COMPLETE);
            assertThat(claude.starts()).isEqualTo(2);
            assertThat(claude.told().get(1)).as("it knows nothing of the first").contains("Earlier: nothing.");
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        closingEnds("trap '' TERM");
    }

    @RepeatedTest(5)
    @DisplayName("when it is closed nothing is left of its directory, whoever removes it")
    void closingRemovesTheDirectory() throws Exception {
        // So many that whoever looks while they are being removed finds some.
        closingEnds("cd \"$TMPDIR\" && seq 1000 | xargs mkdir");
    }

    private void closingEnds(String beginning) throws Exception {
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.script(1, beginning + "; touch \"$here/asked\"; while :; do sleep 600; done");
            Future<ModelAnswer> answer = claude.later(request("one", "{}"));
            until("it is asked", () -> Files.exists(claude.here.resolve("asked")));
            claude.here(() -> claude.model.close().mapEmpty());
            assertThat(answer.failed()).isTrue();
            assertThat(claude.left()).isEmpty();
        }
    }

    @Test
    @DisplayName("E3: what a crash left is removed when observers start")
    void leftoversAreRemoved() throws Exception {
        Path old = Files.createDirectories(dir.resolve("data/agents/0dead000-1/w"));
        Files.writeString(old.resolve("file"), "left");
        Files.createSymbolicLink(old.resolve("link"), Files.writeString(dir.resolve("kept"), "kept"));
        try (FakeClaude claude = new FakeClaude(dir)) {
            claude.ask(request("one", "{}"));
            assertThat(old.getParent()).doesNotExist();
            assertThat(dir.resolve("kept")).hasContent("kept");
            assertThat(claude.left()).as("not that of the running child").hasSize(1);
        }
    }
}
