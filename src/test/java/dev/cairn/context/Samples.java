package dev.cairn.context;

import dev.cairn.bus.Recent;
import dev.cairn.model.Correction;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Summary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memories to build contexts from. */
final class Samples {
    static final Project CAIRN = new Project("/home/ada/cairn", "cairn");
    static final long NOON = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
    static final long DAY = 86_400_000;

    private Samples() {}

    static Recent recent() {
        return new Recent(
                List.of(summary(41, "Fix the \"lost\" ack", "Acks wait for the commit", NOON)),
                List.of(
                        observation(40, "bugfix", "Await the commit before the ack", NOON - 60_000),
                        observation(39, "discovery", "The writer acked early", NOON - DAY)));
    }

    static Summary summary(long id, @Nullable String request, @Nullable String completed, long at) {
        return new Summary(
                id,
                CAIRN,
                "claude-code",
                "s-1",
                1,
                request,
                "Writer.java",
                "The ack came before the commit",
                completed,
                "Run the soak test",
                "All tests pass.",
                List.of(),
                List.of("/home/ada/cairn/src/Writer.java"),
                at);
    }

    /** The same observation, corrected. */
    static Observation corrected(Observation observation, Correction by) {
        return copy(observation, by, observation.times());
    }

    /** The same observation, brought so often. */
    static Observation repeated(Observation observation, int times) {
        return copy(observation, observation.supersededBy(), times);
    }

    private static Observation copy(Observation observation, @Nullable Correction by, @Nullable Integer times) {
        return new Observation(
                observation.id(),
                observation.project(),
                observation.platform(),
                observation.sessionId(),
                observation.turn(),
                observation.type(),
                observation.title(),
                observation.subtitle(),
                observation.narrative(),
                observation.facts(),
                observation.concepts(),
                observation.filesRead(),
                observation.filesModified(),
                observation.commands(),
                observation.createdAt(),
                by,
                times);
    }

    static Observation observation(long id, String type, String title, long at) {
        return new Observation(
                id,
                CAIRN,
                "claude-code",
                "s-1",
                1,
                type,
                title,
                null,
                "A narrative",
                List.of(),
                List.of(),
                List.of("/home/ada/cairn/README.md"),
                id % 2 == 0 ? List.of("/home/ada/cairn/src/Writer.java") : List.of(),
                List.of(),
                at);
    }
}
