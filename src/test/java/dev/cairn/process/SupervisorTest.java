package dev.cairn.process;

import static dev.cairn.process.TestSupervisor.await;
import static dev.cairn.process.TestSupervisor.plain;
import static dev.cairn.process.TestSupervisor.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real process trees, ended in the ordinary ways. */
@EnabledOnOs(OS.LINUX)
class SupervisorTest {
    @TempDir
    Path dir;

    private TestSupervisor test;
    private Supervisor supervisor;

    @BeforeEach
    void open() throws Exception {
        test = TestSupervisor.open(dir, "{}");
        supervisor = test.supervisor;
    }

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    private static void awaitTree(Trees.Mode mode, String mark) {
        Trees.await(mode + " stands", 5_000, () -> Trees.alive(mark).size() >= Trees.size(mode));
    }

    @ParameterizedTest
    @EnumSource(Trees.Mode.class)
    @DisplayName("A7: a child that is stopped leaves nothing, whatever its tree does")
    void aStoppedChildLeavesNothing(Trees.Mode mode) throws Exception {
        for (int run = 0; run < 2; run++) {
            String mark = Trees.mark();
            Child child = await(supervisor.owner("test").spawn(Trees.spec(mode, mark)));
            if (mode == Trees.Mode.ORPHAN) {
                await(child.gone());
            } else {
                awaitTree(mode, mark);
                await(child.stop("the test says so"));
            }
            assertThat(Trees.alive(mark)).isEmpty();
            assertThat(child.state()).isEqualTo(Child.State.GONE);
        }
        assertThat(supervisor.children()).isEmpty();
    }

    @Test
    void eachStepIsTakenOnlyWhenTheOneBeforeWasNotEnough() throws Exception {
        ChildOwner owner = supervisor.owner("test");
        String polite = Trees.mark();
        Child eof = await(owner.spawn(Trees.spec(Trees.Mode.EOF_AWARE, polite)));
        awaitTree(Trees.Mode.EOF_AWARE, polite);
        assertThat(await(eof.stop("test")).step()).isEqualTo(Child.Step.EOF);
        Child term = await(owner.spawn(plain("sleep", "1000")));
        assertThat(await(term.stop("test"))).isEqualTo(new Child.Exit(128 + Platform.TERM, Child.Step.TERM));
        String deaf = Trees.mark();
        Child kill = await(owner.spawn(Trees.spec(Trees.Mode.DEAF, deaf)));
        awaitTree(Trees.Mode.DEAF, deaf);
        assertThat(await(kill.stop("test"))).isEqualTo(new Child.Exit(128 + Platform.KILL, Child.Step.KILL));
        Child itself = await(owner.spawn(plain("sh", "-c", "exit 7")));
        assertThat(await(itself.gone())).isEqualTo(new Child.Exit(7, Child.Step.ITSELF));
    }

    @Test
    void anOwnerEndsExactlyItsOwn() throws Exception {
        ChildOwner one = supervisor.owner("one");
        ChildOwner other = supervisor.owner("other");
        String ones = Trees.mark();
        String others = Trees.mark();
        for (Trees.Mode mode : Trees.Mode.values()) {
            await(one.spawn(Trees.spec(mode, ones)));
        }
        Child spared = await(other.spawn(Trees.spec(Trees.Mode.DAEMON, others)));
        awaitTree(Trees.Mode.DAEMON, others);
        await(one.close());
        assertThat(Trees.alive(ones)).isEmpty();
        assertThat(Trees.alive(others)).hasSize(2);
        assertThat(spared.state()).isEqualTo(Child.State.RUNNING);
        assertThatThrownBy(() -> await(one.spawn(plain("true")))).hasCauseInstanceOf(CairnException.class);
        Child again = await(supervisor.owner("one").spawn(plain("sleep", "1000")));
        assertThat(again.state()).isEqualTo(Child.State.RUNNING);
    }

    @Test
    @DisplayName("A8: spawns that race with the close leave nothing, and none comes after it")
    void spawnsThatRaceWithTheCloseLeaveNothing() throws Exception {
        String mark = Trees.mark();
        ChildOwner owner = supervisor.owner("test");
        List<Future<Child>> spawning = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            spawning.add(owner.spawn(Trees.spec(Trees.Mode.values()[i % 5], mark)));
        }
        await(spawning.get(10));
        supervisor.close();
        assertThat(Trees.alive(mark)).isEmpty();
        await(Future.join(spawning).otherwiseEmpty());
        assertThat(spawning).anyMatch(Future::failed).anyMatch(Future::succeeded);
        assertThatThrownBy(() -> await(owner.spawn(plain("true")))).hasRootCauseInstanceOf(CairnException.class);
        assertThat(Trees.alive(mark)).isEmpty();
    }

    @Test
    void whatAChildLeftBehindIsEndedWithinASecond() throws Exception {
        String mark = Trees.mark();
        // The root ends; the daemon it made has nothing left that names it.
        String script = "env -i setsid sh -c 'sleep " + mark + " & exit 0' >/dev/null 2>&1 </dev/null; sleep 0.4";
        Child child = await(supervisor.owner("test").spawn(plain("sh", "-c", script)));
        Trees.await("the daemon stands", 3_000, () -> !Trees.alive(mark).isEmpty());
        await(child.gone());
        Trees.await("the daemon is ended", 1_000, () -> Trees.alive(mark).isEmpty());
    }

    @Test
    void linesGoBothWays() throws Exception {
        Child child = await(supervisor.owner("test").spawn(plain("cat")));
        List<String> lines = new ArrayList<>();
        io.vertx.core.Promise<String> third = io.vertx.core.Promise.promise();
        child.lines(line -> {
            lines.add(line);
            if (lines.size() == 3) {
                third.complete(line);
            }
        });
        await(child.send("{\"a\":\"é漢\"}"));
        await(child.send(""));
        await(child.send("end"));
        await(third.future());
        assertThat(lines).containsExactly("{\"a\":\"é漢\"}", "", "end");
        await(child.stop("test"));
        assertThatThrownBy(() -> await(child.send("too late"))).hasRootCauseInstanceOf(CairnException.class);
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> await(supervisor.owner("test").spawn(plain("no-such-program"))))
                .hasRootCauseMessage(
                        "cannot start agent: there is no program no-such-program; install it, or set its command");
    }

    @Test
    @DisplayName("G6: a child gets its own environment and the worker's marks, nothing else")
    void nothingIsInherited() throws Exception {
        Child child = await(supervisor.owner("test").spawn(plain("env")));
        List<String> names = new ArrayList<>();
        child.lines(line -> names.add(line.substring(0, line.indexOf('='))));
        await(child.gone());
        Trees.await("the output", 2_000, () -> names.size() >= 3);
        assertThat(names)
                .contains("PATH", Cookie.VARIABLE, Cookie.OWNER_VARIABLE)
                .doesNotContain("HOME", "JAVA_HOME");
    }

    @Test
    @DisplayName("A5: a tree over its memory limit is ended in the ordinary way")
    void aTreeOverItsLimitIsEnded() throws Exception {
        test.close();
        test = TestSupervisor.open(dir, "{\"limits\":{\"agent\":{\"processes\":3}}}");
        supervisor = test.supervisor;
        Child child = await(
                supervisor.owner("test").spawn(plain("sh", "-c", "for i in 1 2 3 4 5; do sleep 1000 & done; wait")));
        await(child.gone());
        assertThat(child.breach()).startsWith("processes ").endsWith(" of 3");
    }

    @Test
    void aCleanCloseLeavesNoFile() throws Exception {
        await(supervisor.owner("test").spawn(plain("sleep", "1000")));
        supervisor.close();
        try (var files = Files.list(dir.resolve("processes"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    @DisplayName("spawning and stopping over and over leaves descriptors, threads and zombies as they were")
    void cyclesLeaveNothingBehind() throws Exception {
        int cycles = Integer.getInteger("cairn.cycles", 100);
        ChildOwner owner = supervisor.owner("test");
        cycle(owner, 20, new ArrayList<>());
        Trees.await("the threads of the warm-up end", 5_000, () -> childThreads() == 0);
        long descriptors = descriptors();
        List<Long> micros = new ArrayList<>();
        cycle(owner, cycles, micros);
        Trees.await("the threads of the children end", 5_000, () -> childThreads() == 0);
        assertThat(descriptors()).isBetween(descriptors - 10, descriptors + 10);
        Trees.await(
                "nothing waits to be collected",
                5_000,
                () -> supervisor.platform().below().values().stream().noneMatch(Proc::zombie));
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%d cycles: spawn p50 %.1f ms, max %.1f ms%n",
                cycles, sorted[sorted.length / 2] / 1e3, sorted[sorted.length - 1] / 1e3);
    }

    private static void cycle(ChildOwner owner, int times, List<Long> micros) throws Exception {
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            Child child = await(owner.spawn(spec("agent", 0, 300, "sleep", "1000")));
            micros.add((System.nanoTime() - begin) / 1_000);
            child.lines(line -> {});
            await(child.stop("the next cycle"));
        }
    }

    private static long descriptors() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long childThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cairn-agent-"))
                .count();
    }
}
