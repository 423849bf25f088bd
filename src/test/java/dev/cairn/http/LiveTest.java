package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forgotten;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveTest {
    private static final long DEADLINE_S = 20;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(DEADLINE_S, TimeUnit.SECONDS);
    }

    private Live live(long keepMs) throws Exception {
        Live live = new Live("run", new Limits.Streams(10_000, 10_000, 10, 100, 1 << 20, keepMs));
        live.listen(bus, false);
        return live;
    }

    /** Publishes one and waits until it is numbered. */
    private void tell(Live live) throws Exception {
        long number = live.ring().last() + 1;
        bus.publish(Addresses.EVENT_FORGOTTEN, new Forgotten(1, 0, 0, 0, 0, false));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (live.ring().last() < number) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    @Test
    void whatNobodyWatchesIsCountedAndNotKept() throws Exception {
        Live live = live(0);
        tell(live);
        assertThat(live.ring().after(0).missed()).isTrue();

        assertThat(live.enter()).isTrue();
        tell(live);
        assertThat(live.ring().after(1).events()).hasSize(1);
        assertThat(live.ring().after(1).missed()).isFalse();

        live.leave();
        tell(live);
        assertThat(live.ring().after(2).missed()).as("too late to come back").isTrue();
    }

    @Test
    void whoComesBackInTimeHasMissedNothing() throws Exception {
        Live live = live(60_000);
        assertThat(live.enter()).isTrue();
        tell(live);
        live.leave();
        tell(live);
        tell(live);
        assertThat(live.ring().after(1).events()).hasSize(2);
        assertThat(live.ring().after(1).missed()).isFalse();
    }
}
