package dev.cairn.process;

import static dev.cairn.process.TestSupervisor.await;
import static dev.cairn.process.TestSupervisor.plain;
import static dev.cairn.process.TestSupervisor.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.PartStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the supervisor sees in real processes, tells, and does about it. */
@EnabledOnOs(OS.LINUX)
class SupervisorWatchTest {
    /** Far longer than a test that does not wait for it. */
    private static final long LONG_GRACE_MS = 60_000;

    @TempDir
    Path dir;

    private TestSupervisor test;

    @AfterEach
    void close() throws Exception {
        test.supervisor.hurry();
        test.close();
    }

    private void open(String process) throws Exception {
        test = TestSupervisor.open(dir, process, 500);
    }

    private Child spawn(ChildSpec spec) throws Exception {
        return await(test.supervisor.owner("test").spawn(spec));
    }

    private Child deaf(String mark, long termGraceMs) throws Exception {
        Child child = spawn(
                spec("search", 0, termGraceMs, Trees.argv(Trees.Mode.DEAF, mark).toArray(String[]::new)));
        Trees.await("it is deaf", 5_000, () -> Trees.alive(mark).size() >= Trees.size(Trees.Mode.DEAF));
        return child;
    }

    private List<TestSupervisor.Alert> alerts(String what) {
        return test.alerts.stream().filter(alert -> alert.what().equals(what)).toList();
    }

    @Test
    @DisplayName("A7: in a hurry a deaf child is killed at once, whether it is being ended already or later")
    void aHurrySkipsTheGraces() throws Exception {
        open("{}");
        String early = Trees.mark();
        Child ending = deaf(early, LONG_GRACE_MS);
        var gone = ending.stop("the test says so");
        assertThat(gone.isComplete()).isFalse();
        long begin = System.nanoTime();
        test.supervisor.hurry();
        assertThat(await(gone).step()).isEqualTo(Child.Step.KILL);
        assertThat(Trees.alive(early)).isEmpty();

        String late = Trees.mark();
        assertThat(await(deaf(late, LONG_GRACE_MS).stop("the test says so")).step())
                .isEqualTo(Child.Step.KILL);
        assertThat(Trees.alive(late)).isEmpty();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)).isLessThan(15);
    }

    @Test
    @DisplayName("an owned child that does not end is told of while it is still there, once, and shown by health")
    void aChildThatDoesNotEndIsToldOfAtOnce() throws Exception {
        open("{\"sweepMs\": 50, \"alerts\": {\"stopMs\": 200}}");
        String mark = Trees.mark();
        Child child = deaf(mark, LONG_GRACE_MS);
        assertThat(ProcessVerticle.health(test.supervisor).state()).isEqualTo("up");
        var gone = child.stop("the test says so");
        Trees.await("an alert", 10_000, () -> !alerts("stopOverdue").isEmpty());
        assertThat(gone.isComplete()).as("it is told before it has ended").isFalse();
        assertThat(Trees.alive(mark)).isNotEmpty();
        PartStatus health = ProcessVerticle.health(test.supervisor);
        assertThat(health.state()).isEqualTo("degraded");
        assertThat(health.detail()).containsEntry("reason", "search (pid " + child.pid() + ") does not end");
        TestSupervisor.Alert alert = alerts("stopOverdue").get(0);
        assertThat(alert.kind()).isEqualTo("search");
        assertThat(alert.message()).startsWith("search (pid " + child.pid() + ") has not ended after ");

        test.supervisor.sweeper().sweep();
        test.supervisor.hurry();
        await(gone);
        assertThat(alerts("stopOverdue")).hasSize(1);
        assertThat(ProcessVerticle.health(test.supervisor).state()).isEqualTo("up");
    }

    /** The mark of a child of kind agent that has come and gone. */
    private String markOfOneThatIsGone() throws Exception {
        Child past = spawn(plain("env"));
        List<String> lines = new ArrayList<>();
        past.lines(lines::add);
        await(past.gone());
        Trees.await("its environment", 5_000, () -> lines.stream().anyMatch(line -> line.startsWith(Cookie.VARIABLE)));
        return lines.stream()
                .filter(line -> line.startsWith(Cookie.VARIABLE))
                .findFirst()
                .orElseThrow()
                .substring(Cookie.VARIABLE.length() + 1);
    }

    private static Process beside(String mark) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put(Cookie.VARIABLE, mark);
        return builder.start();
    }

    @Test
    @DisplayName(
            "a process of a kind beside those that are owned is a leak: told, ended, and the kind is recycled once")
    void aLeakIsToldAndTheKindRecycled() throws Exception {
        open("{\"sweepMs\": 50}");
        String mark = markOfOneThatIsGone();
        Child owned = spawn(plain("sleep", "1000"));
        Child other = spawn(spec("search", 0, 300, "sleep", "1000"));
        Process leaked = beside(mark);
        Trees.await("a leak is told", 10_000, () -> !alerts("leak").isEmpty());
        assertThat(leaked.waitFor(5, TimeUnit.SECONDS)).isTrue();
        await(owned.gone());
        assertThat(owned.recycled()).isTrue();
        assertThat(other.state()).as("of another kind").isEqualTo(Child.State.RUNNING);
        assertThat(alerts("leak"))
                .containsExactly(
                        new TestSupervisor.Alert(
                                "leak",
                                "agent",
                                "sleep (pid " + leaked.pid()
                                        + ") of kind agent ran beside the 1 that are owned; it was ended, and these are recycled"));

        Child next = spawn(plain("sleep", "1000"));
        Process again = beside(mark);
        Trees.await("the second leak is told", 10_000, () -> alerts("leak").size() == 2);
        assertThat(again.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(alerts("leak").get(1).message()).endsWith("ran beside the 1 that are owned; it was ended");
        assertThat(next.state()).as("not over and over").isEqualTo(Child.State.RUNNING);
    }

    @Test
    @DisplayName("A5: a tenth of a processor is a limit: a busy tree is ended, an idle one is not")
    void aFractionOfAProcessorIsALimit() throws Exception {
        open("{\"sweepMs\": 50, \"limits\": {\"agent\": {\"cpus\": 0.1}}}");
        Child idle = spawn(plain("sleep", "1000"));
        // Several, so that a machine with much else to do gives them so much together.
        String loop = "while :; do :; done";
        Child busy = spawn(plain("sh", "-c", loop + " & " + loop + " & " + loop + " & " + loop));
        await(busy.gone());
        assertThat(busy.breach()).matches("cpus \\d+\\.\\d+ of 0\\.1");
        assertThat(Double.parseDouble(busy.breach().split(" ", -1)[1])).isGreaterThanOrEqualTo(0.1);
        assertThat(alerts("limit")).hasSize(1);
        assertThat(idle.state()).isEqualTo(Child.State.RUNNING);
    }
}
