package dev.cairn.process;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ProcessAlert;
import dev.cairn.bus.ProcessAlerts;
import dev.cairn.bus.WireFormat;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what a person should know about children: to the log, to whoever listens on the bus, to a webhook. Thread-safe. */
final class Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final long WEBHOOK_MS = 2_000;
    private static final int KEPT = 100;

    private final Bus bus;
    private final @Nullable String webhook;
    private final HttpClient http;
    private final ArrayDeque<ProcessAlert> recent = new ArrayDeque<>();

    Alerts(Vertx vertx, Bus bus, @Nullable String webhook) {
        this.bus = bus;
        this.webhook = webhook;
        http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) WEBHOOK_MS));
    }

    void raise(String what, String kind, String message) {
        LOG.warn("Alert {}: {}", what, message);
        ProcessAlert alert = new ProcessAlert(what, kind, message, System.currentTimeMillis());
        keep(alert);
        bus.publish(Addresses.EVENT_ALERT, alert);
        if (webhook != null) {
            post(webhook, WireFormat.encode(alert));
        }
    }

    private synchronized void keep(ProcessAlert alert) {
        if (recent.size() == KEPT) {
            recent.removeLast();
        }
        recent.addFirst(alert);
    }

    /** The last {@value #KEPT} since the worker's start, newest first. */
    synchronized ProcessAlerts recent() {
        return new ProcessAlerts(List.copyOf(recent));
    }

    private void post(String url, String json) {
        http.request(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url))
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(json))
                .timeout(WEBHOOK_MS, TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.warn("The alert did not reach the webhook: {}", failure.toString()));
    }

    void close() {
        http.close().onFailure(failure -> LOG.debug("Closing the webhook's client failed", failure));
    }
}
