package dev.cairn.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something worth remembering.
 *
 * @param id unique over all memories
 * @param sessionId the host's session; null for a memory that was saved by hand
 * @param turn the number of the turn within its session; null for a memory saved by hand
 * @param type {@code bugfix, feature, refactor, change, discovery, decision, note} or another word
 * @param createdAt epoch milliseconds
 * @param supersededBy what corrects it; null when nothing does
 * @param times how often the session brought the same; null for once
 */
public record Observation(
        long id,
        Project project,
        String platform,
        @Nullable String sessionId,
        @Nullable Integer turn,
        String type,
        String title,
        @Nullable String subtitle,
        @Nullable String narrative,
        List<String> facts,
        List<String> concepts,
        List<String> filesRead,
        List<String> filesModified,
        List<CommandRun> commands,
        long createdAt,
        @Nullable Correction supersededBy,
        @Nullable Integer times) {
    public Observation {
        facts = List.copyOf(facts);
        concepts = List.copyOf(concepts);
        filesRead = List.copyOf(filesRead);
        filesModified = List.copyOf(filesModified);
        commands = List.copyOf(commands);
    }

    /** One that nothing corrects. */
    public Observation(
            long id,
            Project project,
            String platform,
            @Nullable String sessionId,
            @Nullable Integer turn,
            String type,
            String title,
            @Nullable String subtitle,
            @Nullable String narrative,
            List<String> facts,
            List<String> concepts,
            List<String> filesRead,
            List<String> filesModified,
            List<CommandRun> commands,
            long createdAt) {
        this(
                id,
                project,
                platform,
                sessionId,
                turn,
                type,
                title,
                subtitle,
                narrative,
                facts,
                concepts,
                filesRead,
                filesModified,
                commands,
                createdAt,
                null,
                null);
    }

    /** One that was observed once. */
    public Observation(
            long id,
            Project project,
            String platform,
            @Nullable String sessionId,
            @Nullable Integer turn,
            String type,
            String title,
            @Nullable String subtitle,
            @Nullable String narrative,
            List<String> facts,
            List<String> concepts,
            List<String> filesRead,
            List<String> filesModified,
            List<CommandRun> commands,
            long createdAt,
            @Nullable Correction supersededBy) {
        this(
                id,
                project,
                platform,
                sessionId,
                turn,
                type,
                title,
                subtitle,
                narrative,
                facts,
                concepts,
                filesRead,
                filesModified,
                commands,
                createdAt,
                supersededBy,
                null);
    }
}
