package dev.cairn.observer.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate();

    @Test
    void oneQuestionTriesAShutGateAndItsAnswerOpensItForAll() {
        AtomicInteger changes = new AtomicInteger();
        gate.onChange(changes::incrementAndGet);
        long until = gate.failed(Finding.OVERLOAD, "busy", null, 1_000).until();
        assertThat(until).isEqualTo(6_000);
        assertThat(gate.enter(5_999)).isFalse();
        assertThat(gate.readyAt(5_999)).isEqualTo(6_000);
        assertThat(gate.enter(6_000)).isTrue();
        assertThat(gate.enter(6_000)).isFalse();
        assertThat(gate.readyAt(6_000)).isGreaterThan(100_000);
        gate.answered();
        assertThat(gate.enter(6_001)).isTrue();
        assertThat(gate.enter(6_001)).isTrue();
        assertThat(changes).hasValue(2);
    }

    @Test
    void itIsLeftAloneLongerEachTimeUpToABound() {
        long now = 0;
        long last = 0;
        for (int i = 0; i < 20; i++) {
            long wait = gate.failed(Finding.AUTH, "who?", null, now).until() - now;
            assertThat(wait).isBetween(last, 300_000L);
            last = wait;
            now += wait;
            assertThat(gate.enter(now)).isTrue();
        }
        assertThat(last).isEqualTo(300_000);
        assertThat(gate.shut().since()).isZero();
    }

    @Test
    void whatTheProviderAsksForIsKept() {
        assertThat(gate.failed(Finding.RATE_LIMIT, "slow down", 77_000L, 0).until())
                .isEqualTo(77_000);
        gate.answered();
        assertThat(gate.failed(Finding.QUOTA, "used up", Long.MAX_VALUE / 2, 0).until())
                .isEqualTo(86_400_000);
    }

    @Test
    void questionsThatWereUnderWayWhenItShutDoNotShutItLonger() {
        long until = gate.failed(Finding.TRANSPORT, "gone", null, 0).until();
        assertThat(gate.failed(Finding.TRANSPORT, "gone", null, 10).until()).isEqualTo(until);
        assertThat(gate.failed(Finding.TRANSPORT, "gone", null, 20).until()).isEqualTo(until);
    }

    @Test
    void aTryThatSaysNothingLeavesTheNextOneToTry() {
        long until = gate.failed(Finding.TRANSPORT, "gone", null, 0).until();
        assertThat(gate.enter(until)).isTrue();
        gate.left();
        assertThat(gate.enter(until)).isTrue();
    }
}
