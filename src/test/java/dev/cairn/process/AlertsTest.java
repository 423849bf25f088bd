package dev.cairn.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Bus;
import dev.cairn.bus.ProcessAlert;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlertsTest {
    @Test
    void theLastHundredAreKeptNewestFirst() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Alerts alerts = new Alerts(vertx, new Bus(vertx), null);
            assertThat(alerts.recent().alerts()).isEmpty();
            for (int i = 1; i <= 103; i++) {
                alerts.raise("stray", "search", "number " + i);
            }
            assertThat(alerts.recent().alerts()).hasSize(100);
            assertThat(alerts.recent().alerts())
                    .extracting(ProcessAlert::message)
                    .startsWith("number 103", "number 102")
                    .endsWith("number 4");
            alerts.close();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
