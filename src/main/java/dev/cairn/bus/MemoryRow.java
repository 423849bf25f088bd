package dev.cairn.bus;

import dev.cairn.model.Correction;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A memory as retrieval finds it.
 *
 * @param type an observation's type; null for the other kinds
 * @param body the searchable text without the title
 * @param files files read and modified
 * @param createdAt epoch milliseconds
 * @param score of the strategy that found it, higher is better; 0 when nothing was matched
 * @param supersededBy what corrects it; null when nothing does
 * @param times how often the session brought the same; null for once
 */
public record MemoryRow(
        Kind kind,
        long id,
        @Nullable String type,
        String title,
        @Nullable String subtitle,
        String body,
        Project project,
        String platform,
        @Nullable String session,
        List<String> files,
        long createdAt,
        double score,
        @Nullable Correction supersededBy,
        @Nullable Integer times) {
    public MemoryRow {
        files = List.copyOf(files);
    }

    /** One that was brought once. */
    public MemoryRow(
            Kind kind,
            long id,
            @Nullable String type,
            String title,
            @Nullable String subtitle,
            String body,
            Project project,
            String platform,
            @Nullable String session,
            List<String> files,
            long createdAt,
            double score,
            @Nullable Correction supersededBy) {
        this(
                kind,
                id,
                type,
                title,
                subtitle,
                body,
                project,
                platform,
                session,
                files,
                createdAt,
                score,
                supersededBy,
                null);
    }

    /** One that nothing corrects. */
    public MemoryRow(
            Kind kind,
            long id,
            @Nullable String type,
            String title,
            @Nullable String subtitle,
            String body,
            Project project,
            String platform,
            @Nullable String session,
            List<String> files,
            long createdAt,
            double score) {
        this(kind, id, type, title, subtitle, body, project, platform, session, files, createdAt, score, null);
    }

    /** The same with another score. */
    public MemoryRow scored(double newScore) {
        return new MemoryRow(
                kind,
                id,
                type,
                title,
                subtitle,
                body,
                project,
                platform,
                session,
                files,
                createdAt,
                newScore,
                supersededBy,
                times);
    }
}
