package dev.cairn.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A worker in a JVM that is not its own: what others start there is none of its business. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SharedJvmTest {
    private static final int PROGRAMS = 300;

    @TempDir
    Path dir;

    private TestSupervisor worker(String name) throws Exception {
        return TestSupervisor.openBeside(Files.createDirectory(dir.resolve(name)), "{\"sweepMs\": 50}");
    }

    @Test
    @DisplayName("of two workers in one JVM neither ends nor reports what the other started")
    void twoWorkersLeaveEachOtherAlone() throws Exception {
        try (TestSupervisor one = worker("one")) {
            Child childOfOne = spawn(one);
            try (TestSupervisor other = worker("other")) {
                Child childOfOther = spawn(other);
                for (int i = 0; i < 5; i++) {
                    assertThat(one.supervisor.sweeper().sweep()).isZero();
                    assertThat(other.supervisor.sweeper().sweep()).isZero();
                }
                assertThat(childOfOther.state()).isEqualTo(Child.State.RUNNING);
                assertNotReported(
                        one, childOfOther.pid(), other.supervisor.guardian().pid());
                // When a child ends, what may be its own goes with it.
                TestSupervisor.await(childOfOther.stop("the test says so"));
                assertNotReported(
                        other, childOfOne.pid(), one.supervisor.guardian().pid());
            }
            assertThat(childOfOne.state()).isEqualTo(Child.State.RUNNING);
            assertThat(Trees.alive("sleep")).contains(childOfOne.pid());
        }
    }

    private static void assertNotReported(TestSupervisor worker, Long... pids) {
        assertThat(worker.supervisor.sweeper().strays()).extracting(Proc::pid).doesNotContain(pids);
        for (long pid : pids) {
            assertThat(worker.alerts).noneMatch(alert -> alert.message().contains("(pid " + pid + ")"));
        }
    }

    private static Child spawn(TestSupervisor worker) throws Exception {
        return TestSupervisor.await(worker.supervisor.owner("test").spawn(TestSupervisor.plain("sleep", "1000")));
    }

    @Test
    @DisplayName("what a child's tree leaves to be collected is collected, though no child is there any more")
    void whatAChildLeavesIsCollected() throws Exception {
        try (TestSupervisor worker = worker("one")) {
            Child child = TestSupervisor.await(worker.supervisor
                    .owner("test")
                    .spawn(TestSupervisor.plain("sh", "-c", "sleep 1000 & setsid sleep 1000 & wait")));
            Trees.await("its tree stands", 5_000, () -> descendants(worker, child) == 2);
            TestSupervisor.await(child.stop("the test says so"));
            assertThat(child.state()).isEqualTo(Child.State.GONE);
            Trees.await(
                    "nothing waits to be collected",
                    10_000,
                    () -> worker.supervisor.platform().below().values().stream()
                            .filter(Proc::zombie)
                            .allMatch(proc ->
                                    proc.session() == worker.supervisor.self().session()));
        }
    }

    private static long descendants(TestSupervisor worker, Child child) {
        return worker.supervisor.platform().all().values().stream()
                .filter(proc -> proc.parent() == child.pid())
                .filter(proc -> proc.name().equals("sleep"))
                .count();
    }

    @Test
    @DisplayName("the exit codes of programs that somebody else starts in the JVM are theirs, however often is swept")
    void exitCodesOfOthersAreTheirs() throws Exception {
        try (TestSupervisor worker = worker("one")) {
            AtomicBoolean done = new AtomicBoolean();
            Thread sweeping = new Thread(() -> {
                while (!done.get()) {
                    worker.supervisor.sweeper().sweep();
                }
            });
            sweeping.start();
            Map<Integer, Integer> codes = new HashMap<>();
            for (int i = 0; i < PROGRAMS; i++) {
                codes.merge(new ProcessBuilder("sh", "-c", "exit 3").start().waitFor(), 1, Integer::sum);
            }
            done.set(true);
            sweeping.join();
            assertThat(codes).containsExactly(Map.entry(3, PROGRAMS));
        }
    }
}
