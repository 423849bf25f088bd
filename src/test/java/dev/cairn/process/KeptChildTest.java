package dev.cairn.process;

import static dev.cairn.process.TestSupervisor.await;
import static dev.cairn.process.TestSupervisor.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class KeptChildTest {
    @TempDir
    Path dir;

    private final AtomicInteger starts = new AtomicInteger();
    private TestSupervisor test;
    private Supervisor supervisor;

    @BeforeEach
    void open() throws Exception {
        test = TestSupervisor.open(dir, """
                {"sweepMs": 50, "limits": {"agent": {"processes": 2}, "chroma": {"idleMs": 300}}}
                """);
        supervisor = test.supervisor;
    }

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    private KeptChild<Child> kept(String kind, int maxFailures, String... argv) {
        return new KeptChild<>(
                supervisor.owner("test"),
                () -> {
                    starts.incrementAndGet();
                    return spec(kind, 200, 300, argv);
                },
                Future::succeededFuture,
                maxFailures);
    }

    @Test
    void oneChildIsSharedByAllWhoWantIt() throws Exception {
        KeptChild<Child> kept = kept("search", 5, "sleep", "1000");
        Future<Child> one = kept.get();
        Future<Child> other = kept.get();
        assertThat(await(one)).isSameAs(await(other));
        assertThat(starts).hasValue(1);
        assertThat(kept.state()).isEqualTo(KeptChild.State.UP);
    }

    @Test
    void aRecycledChildIsFollowedByAnother() throws Exception {
        KeptChild<Child> kept = kept("search", 5, "sleep", "1000");
        Child first = await(kept.get());
        await(kept.recycle("the test says so"));
        assertThat(first.state()).isEqualTo(Child.State.GONE);
        assertThat(kept.state()).as("known before it is told").isEqualTo(KeptChild.State.DOWN);
        assertThat(await(kept.get()).pid()).isNotEqualTo(first.pid());
    }

    @Test
    @DisplayName("A10: a child that dies at once is tried with a back-off, then its circuit opens")
    void aChildThatDiesAtOnceOpensTheCircuit() {
        KeptChild<Child> kept = new KeptChild<>(
                supervisor.owner("test"),
                () -> {
                    starts.incrementAndGet();
                    return spec("search", 200, 300, "sh", "-c", "echo broken >&2; exit 3");
                },
                // Ready means that it has said something, which it never does.
                child -> io.vertx.core.Promise.<Child>promise().future(),
                3);
        assertThatThrownBy(() -> await(kept.get()))
                .hasRootCauseInstanceOf(CairnException.class)
                .hasRootCauseMessage("search ended with 3 before it was ready: broken");
        assertThat(kept.state()).isEqualTo(KeptChild.State.WAITING);
        assertThatThrownBy(() -> await(kept.get()))
                .hasRootCauseMessage(
                        "test's child is not tried again yet (search ended with 3 before it was ready: broken)");
        assertThat(starts).as("a refusal starts nothing").hasValue(1);
        Trees.await("the circuit is open", 10_000, () -> {
            kept.get();
            return kept.state() == KeptChild.State.OPEN;
        });
        for (int i = 0; i < 100; i++) {
            assertThat(kept.get().failed()).isTrue();
        }
        assertThat(starts).hasValue(3);
        assertThat(supervisor.children()).isEmpty();
    }

    @Test
    @DisplayName("A5: over its limit it is started anew once, not in a loop")
    void aSecondBreachOpensTheCircuit() throws Exception {
        KeptChild<Child> kept = kept("agent", 5, "sh", "-c", "sleep 1000 & sleep 1000 & sleep 1000 & wait");
        Child first = await(kept.get());
        await(first.gone());
        Trees.await("it may be tried again", 2_000, () -> kept.state() == KeptChild.State.DOWN);
        Child second = await(kept.get());
        await(second.gone());
        Trees.await("the circuit is open", 2_000, () -> kept.state() == KeptChild.State.OPEN);
        assertThat(kept.reason()).startsWith("limit again: processes ");
        assertThatThrownBy(() -> await(kept.get())).hasRootCauseInstanceOf(CairnException.class);
        assertThat(starts).hasValue(2);
    }

    @Test
    @DisplayName("A6: an idle child is ended without fault, and started again when it is wanted")
    void anIdleChildIsEndedWithoutFault() throws Exception {
        KeptChild<Child> kept = kept("chroma", 1, "cat");
        Child first = await(kept.get());
        await(first.send("work"));
        await(first.gone());
        Trees.await("it is down", 2_000, () -> kept.state() == KeptChild.State.DOWN);
        assertThat(kept.reason()).startsWith("idleMs");
        assertThat(await(kept.get()).pid()).isNotEqualTo(first.pid());
    }

    @Test
    void aClosedOneStartsNothing() {
        KeptChild<Child> kept = kept("search", 5, "sleep", "1000");
        kept.close();
        assertThatThrownBy(() -> await(kept.get())).hasRootCauseInstanceOf(CairnException.class);
        assertThat(starts).hasValue(0);
    }
}
