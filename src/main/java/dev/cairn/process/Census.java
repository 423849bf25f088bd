package dev.cairn.process;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ProcessSample;
import dev.cairn.bus.ProcessSamples;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down from time to time how many children there are and what they use, and once that there are none any more. */
final class Census {
    private static final Logger LOG = LoggerFactory.getLogger(Census.class);
    private static final long PERIOD_MS = 10_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Supervisor supervisor;
    private final long timer;
    private Set<String> lastKinds = Set.of();

    Census(Vertx vertx, Bus bus, Supervisor supervisor) {
        this.vertx = vertx;
        this.bus = bus;
        this.supervisor = supervisor;
        timer = vertx.setPeriodic(PERIOD_MS, tick -> take());
    }

    private void take() {
        long now = System.currentTimeMillis();
        List<ProcessSample> samples = new ArrayList<>(Snapshots.samples(supervisor, now));
        Set<String> kinds = new HashSet<>();
        samples.forEach(sample -> kinds.add(sample.kind()));
        for (String kind : lastKinds) {
            if (!kinds.contains(kind)) {
                samples.add(new ProcessSample(kind, now, 0, 0, 0));
            }
        }
        lastKinds = kinds;
        if (!samples.isEmpty()) {
            bus.request(Addresses.STORE_SAMPLES_KEEP, new ProcessSamples(samples))
                    .onFailure(failure -> LOG.warn("A census was not kept: {}", failure.getMessage()));
        }
    }

    void close() {
        vertx.cancelTimer(timer);
    }
}
