package dev.cairn.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final Lifecycle lifecycle = new Lifecycle();
    private final List<String> log = new ArrayList<>();

    @Test
    void stoppingIsFinalAndToldOnce() {
        lifecycle.onStopping(() -> log.add("gate"));
        lifecycle.ready();
        lifecycle.beginStop("first");
        lifecycle.beginStop("second");
        lifecycle.ready();
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.STOPPING);
        assertThat(log).containsExactly("gate");
    }

    @Test
    void anActionThatFailsDoesNotKeepTheNextFromRunning() {
        lifecycle.onStopping(() -> {
            throw new IllegalStateException("boom");
        });
        lifecycle.onStopping(() -> log.add("gate"));
        lifecycle.beginStop("test");
        assertThat(log).containsExactly("gate");
    }

    @Test
    void anActionRegisteredLateRunsAtOnce() {
        lifecycle.beginStop("test");
        lifecycle.onStopping(() -> log.add("late"));
        assertThat(log).containsExactly("late");
    }

    @Test
    void hurryIsToldOnceAndBeginsNoStop() {
        lifecycle.onHurry(() -> log.add("children"));
        lifecycle.hurry("first");
        lifecycle.hurry("second");
        lifecycle.onHurry(() -> log.add("late"));
        assertThat(log).containsExactly("children", "late");
        assertThat(lifecycle.stopping()).isFalse();
    }
}
