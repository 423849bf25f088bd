package dev.cairn.store;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnSettled;
import dev.cairn.model.Observation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells everybody who listens what was committed. */
final class StoreEvents {
    private static final Logger LOG = LoggerFactory.getLogger(StoreEvents.class);

    private final Bus bus;

    StoreEvents(Bus bus) {
        this.bus = bus;
    }

    void appended(Appended appended) {
        if (appended.requestId() != null) {
            LOG.debug("Request {} is recorded, turn {}", appended.requestId(), appended.turns());
        }
        appended.sessions().forEach(session -> bus.publish(Addresses.EVENT_SESSION, session));
        appended.prompts().forEach(prompt -> bus.publish(Addresses.EVENT_PROMPT, prompt));
        appended.toolUses().forEach(use -> bus.publish(Addresses.EVENT_TOOL_USE, use));
        ready(appended.ready());
    }

    void completed(long turnId, Completed completed) {
        observed(completed.observations());
        if (completed.summary() != null) {
            bus.publish(Addresses.EVENT_SUMMARY, completed.summary());
        }
        if (completed.ready() != null) {
            bus.publish(Addresses.EVENT_TURN_READY, completed.ready());
        }
        settled(turnId, completed.ready() == null ? TurnSettled.DONE : TurnSettled.PENDING);
    }

    void failed(FailTurn failed) {
        settled(failed.turnId(), failed.retryAt() == null ? TurnSettled.PARKED : TurnSettled.PENDING);
    }

    private void settled(long turnId, String outcome) {
        bus.publish(Addresses.EVENT_TURN_SETTLED, new TurnSettled(turnId, outcome));
    }

    void observed(List<Observation> observations) {
        observations.forEach(observation -> bus.publish(Addresses.EVENT_OBSERVATION, observation));
    }

    /** Nothing is no news. */
    void retained(Forgotten forgotten) {
        if (!forgotten.equals(new Forgotten(0, 0, 0, 0, 0, false))) {
            forgotten(forgotten);
        }
    }

    void forgotten(Forgotten forgotten) {
        bus.publish(Addresses.EVENT_FORGOTTEN, forgotten);
    }

    /**
     * One event for all: their number may be large, and nobody who follows the work of now is told of the past. A summary that
     * took the place of another is news of a memory that is known.
     */
    void imported(ImportCommand.Taken taken) {
        bus.publish(Addresses.EVENT_IMPORTED, taken.imported());
        taken.summaries().forEach(summary -> bus.publish(Addresses.EVENT_SUMMARY, summary));
        ready(taken.ready());
    }

    void ready(List<TurnReady> turns) {
        turns.forEach(turn -> bus.publish(Addresses.EVENT_TURN_READY, turn));
    }
}
