package dev.cairn.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One hit of a search, or one row of a timeline.
 *
 * @param type an observation's type; null for the other kinds
 * @param snippet the text around the match, on one line; matched words between {@code «} and {@code »}
 * @param project the project's key
 * @param createdAt epoch milliseconds
 * @param score higher is better; comparable within one answer only
 * @param tokens about how many tokens the whole memory takes a model
 * @param files files read and modified, at most ten
 * @param why the score by strategy; null unless asked for
 * @param supersededBy what corrects it; null when nothing does
 * @param times how often the session brought the same observation; null for once
 */
public record SearchHit(
        Kind kind,
        long id,
        @Nullable String type,
        String title,
        @Nullable String subtitle,
        @Nullable String snippet,
        String project,
        String platform,
        @Nullable String session,
        long createdAt,
        double score,
        int tokens,
        List<String> files,
        @Nullable Map<String, Double> why,
        @Nullable Correction supersededBy,
        @Nullable Integer times) {
    public SearchHit {
        files = List.copyOf(files);
        why = why == null ? null : Map.copyOf(why);
    }

    /** One that was brought once. */
    public SearchHit(
            Kind kind,
            long id,
            @Nullable String type,
            String title,
            @Nullable String subtitle,
            @Nullable String snippet,
            String project,
            String platform,
            @Nullable String session,
            long createdAt,
            double score,
            int tokens,
            List<String> files,
            @Nullable Map<String, Double> why,
            @Nullable Correction supersededBy) {
        this(
                kind,
                id,
                type,
                title,
                subtitle,
                snippet,
                project,
                platform,
                session,
                createdAt,
                score,
                tokens,
                files,
                why,
                supersededBy,
                null);
    }

    /** One that nothing corrects. */
    public SearchHit(
            Kind kind,
            long id,
            @Nullable String type,
            String title,
            @Nullable String subtitle,
            @Nullable String snippet,
            String project,
            String platform,
            @Nullable String session,
            long createdAt,
            double score,
            int tokens,
            List<String> files,
            @Nullable Map<String, Double> why) {
        this(
                kind, id, type, title, subtitle, snippet, project, platform, session, createdAt, score, tokens, files,
                why, null);
    }
}
