package dev.cairn.observer;

import dev.cairn.bus.PartStatus;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all observers of one Vert.x instance have done together, so that each can answer for all. Thread-safe. */
final class ObserverFigures implements Shareable {
    private static final String MAP = "cairn.observer";

    private int observers;
    private long observed;
    private long observations;
    private long failed;
    private long parked;
    private long postponed;
    private @Nullable String lastError;
    private boolean troubled;

    static ObserverFigures of(Vertx vertx) {
        Map<String, ObserverFigures> map = vertx.sharedData().getLocalMap(MAP);
        return map.computeIfAbsent("figures", key -> new ObserverFigures());
    }

    synchronized void joined() {
        observers++;
    }

    synchronized void left() {
        observers--;
    }

    synchronized void observed(int made) {
        observed++;
        observations += made;
        troubled = false;
    }

    synchronized void failed(String error, boolean forGood) {
        failed++;
        parked += forGood ? 1 : 0;
        trouble(error);
    }

    /** A turn waits for something that is not its fault. */
    synchronized void postponed(String error) {
        postponed++;
        lastError = error;
    }

    /** Something other than a turn went wrong: the store did not answer. */
    synchronized void trouble(String error) {
        lastError = error;
        troubled = true;
    }

    synchronized PartStatus status(String provider) {
        Map<String, String> detail = new TreeMap<>();
        detail.put("provider", provider);
        detail.put("observers", String.valueOf(observers));
        detail.put("turnsObserved", String.valueOf(observed));
        detail.put("observationsMade", String.valueOf(observations));
        detail.put("attemptsFailed", String.valueOf(failed));
        detail.put("turnsPostponed", String.valueOf(postponed));
        detail.put("turnsParked", String.valueOf(parked));
        if (lastError != null) {
            detail.put("lastError", lastError);
        }
        return new PartStatus(true, troubled ? "degraded" : "up", detail);
    }
}
