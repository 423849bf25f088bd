package dev.cairn.process;

import static dev.cairn.process.TestSupervisor.await;
import static dev.cairn.process.TestSupervisor.plain;
import static dev.cairn.process.TestSupervisor.signal;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A guardian that dies, and one that is stopped by a real SIGSTOP. */
@EnabledOnOs(OS.LINUX)
class GuardianTest {
    /** Two tries of a second each, and what a busy machine takes. */
    private static final long BOUND_MS = 5_000;

    @TempDir
    Path dir;

    private TestSupervisor test;
    private Guardian guardian;

    @BeforeEach
    void open() throws Exception {
        test = TestSupervisor.open(dir, "{}");
        guardian = test.supervisor.guardian();
    }

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    private Child spawn() throws Exception {
        return await(test.supervisor.owner("test").spawn(plain("sleep", "1000")));
    }

    private boolean gone(long pid) {
        Proc proc = test.supervisor.platform().read(pid);
        return proc == null || proc.zombie();
    }

    /** It is killed without waiting for its end. */
    private void awaitGone(long pid) {
        Trees.await("the deaf one is gone", BOUND_MS, () -> gone(pid));
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @Test
    void itIsStartedAgainWhenItDies() throws Exception {
        spawn();
        long first = guardian.pid();
        assertThat(first).isPositive();
        signal("KILL", first);
        Trees.await("another guardian", 3_000, () -> guardian.alive() && guardian.pid() != first);
    }

    @Test
    @DisplayName("A2: a stopped guardian is replaced before the next child exists, which waits a bounded time for that")
    void aStoppedOneIsReplacedBeforeTheNextChild() throws Exception {
        Child before = spawn();
        long first = guardian.pid();
        signal("STOP", first);
        long begin = System.nanoTime();
        Child after = spawn();
        assertThat(millisSince(begin)).isLessThan(BOUND_MS);
        awaitGone(first);
        assertThat(guardian.pid()).isPositive().isNotEqualTo(first);
        assertThat(before.state()).as("its death is not the worker's").isEqualTo(Child.State.RUNNING);
        assertThat(after.state()).isEqualTo(Child.State.RUNNING);
    }

    @Test
    @DisplayName("A2: a stopped guardian is noticed while nothing is started")
    void aStoppedOneIsNoticed() throws Exception {
        spawn();
        long first = guardian.pid();
        signal("STOP", first);
        Trees.await("another guardian", 2 * BOUND_MS, () -> guardian.alive() && guardian.pid() != first);
        awaitGone(first);
    }

    @Test
    void aPipeThatNobodyReadsHoldsNobodyUp() throws Exception {
        spawn();
        long first = guardian.pid();
        signal("STOP", first);
        Proc self = test.supervisor.platform().read(ProcessHandle.current().pid());
        assertThat(self).isNotNull();
        long begin = System.nanoTime();
        // More than a pipe holds. Its own number is never guarded, so nobody is in danger.
        for (int i = 0; i < 10_000; i++) {
            guardian.release(self);
        }
        assertThat(millisSince(begin)).isLessThan(BOUND_MS);
        assertThat(guardian.pid()).isNotEqualTo(first);
        awaitGone(first);
    }

    @Test
    void aStoppedOneHoldsNoCloseUp() throws Exception {
        spawn();
        long first = guardian.pid();
        signal("STOP", first);
        long begin = System.nanoTime();
        test.supervisor.close();
        assertThat(millisSince(begin)).isLessThan(BOUND_MS);
        assertThat(gone(first)).isTrue();
    }
}
