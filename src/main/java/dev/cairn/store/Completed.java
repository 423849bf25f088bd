package dev.cairn.store;

import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.Observation;
import dev.cairn.model.Summary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a completion did, for the answer and for those who listen; {@code ready} when the turn is pending again. */
record Completed(
        CompletedTurn answer,
        List<Observation> observations,
        @Nullable Summary summary,
        @Nullable TurnReady ready) {}
