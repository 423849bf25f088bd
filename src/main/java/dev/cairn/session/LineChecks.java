package dev.cairn.session;

import static dev.cairn.session.FieldRules.atMost;
import static dev.cairn.session.FieldRules.length;

import dev.cairn.bus.ExportLine.TurnKey;
import dev.cairn.bus.Origin;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import org.jspecify.annotations.Nullable;

/**
 * What the fields must be like that several kinds of lines have. Each check throws a {@link CairnException} INVALID_ARGUMENT that
 * names the field within its line.
 */
final class LineChecks {
    /** The longest path, in UTF-16 units. */
    static final int PATH = 4_096;

    private LineChecks() {}

    /** What a memory and a tool use have in common. */
    static void record(
            long id,
            String platform,
            @Nullable String sessionId,
            @Nullable TurnKey turn,
            long createdAt,
            @Nullable Integer copy) {
        id(id);
        FieldRules.platform(platform, "platform");
        if (sessionId != null) {
            sessionId(sessionId);
        }
        if (turn != null) {
            turn(turn);
        }
        time(createdAt, "createdAt");
        if (copy != null && copy < 0) {
            throw CairnException.invalid("copy", "copy counts from 0; leave it out");
        }
    }

    static void id(long id) {
        if (id < 1) {
            throw CairnException.invalid("id", "id must be 1 or more, not " + id);
        }
    }

    /** The session that a line is, or belongs to. */
    static void session(String platform, String sessionId) {
        FieldRules.platform(platform, "platform");
        sessionId(sessionId);
    }

    private static void sessionId(String sessionId) {
        length(sessionId, 1, FieldRules.ID, "sessionId");
    }

    static void turn(TurnKey turn) {
        if (turn.number() < 1) {
            throw CairnException.invalid("turn.number", "a turn's number is 1 or more, not " + turn.number());
        }
        atMost(turn.promptId(), FieldRules.ID, "turn.promptId");
        if (turn.promptId() == null && turn.startedAt() == null) {
            throw CairnException.invalid("turn.startedAt", "a turn without promptId needs startedAt");
        }
    }

    static void time(long at, String field) {
        if (!FieldRules.isTime(at)) {
            throw CairnException.invalid(field, field + " must be epoch milliseconds, not " + at);
        }
    }

    static Project project(Project project) {
        length(project.key(), 1, PATH, "project.key");
        length(project.name(), 1, PATH, "project.name");
        return project;
    }

    /** @param kind the record's, of those of {@link Origin} */
    static @Nullable String source(@Nullable String source, String kind) {
        if (source != null) {
            Origin origin = Origin.read(source);
            if (origin == null || !origin.kind().equals(kind)) {
                throw CairnException.invalid(
                        "source",
                        "source must be such as claude-mem:" + kind + ":12; leave it out for what comes from here");
            }
        }
        return source;
    }
}
