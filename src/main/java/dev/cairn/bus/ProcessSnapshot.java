package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of one worker at a moment.
 *
 * @param node the worker's pid
 * @param layers what owns children on this machine
 * @param gate {@code open}, or {@code closed} for good
 * @param guardian the guardian's pid; null while there is none, because there was no child yet
 * @param strays processes nobody owns, seen at the last look
 */
public record ProcessSnapshot(
        long node,
        List<String> layers,
        String gate,
        @Nullable Long guardian,
        List<ChildRow> children,
        List<StrayRow> strays) {
    public ProcessSnapshot {
        layers = List.copyOf(layers);
        children = List.copyOf(children);
        strays = List.copyOf(strays);
    }

    /**
     * A child.
     *
     * @param owner the verticle it belongs to
     * @param startedAt epoch milliseconds
     * @param state running, stopping or gone
     * @param memoryBytes resident memory of its whole tree
     * @param cpu processors its tree has kept busy since its start, on average
     * @param restarts how many of its kind this owner has started before
     */
    public record ChildRow(
            String kind,
            String owner,
            long pid,
            long startedAt,
            String state,
            long memoryBytes,
            double cpu,
            int restarts,
            List<MemberRow> descendants) {
        public ChildRow {
            descendants = List.copyOf(descendants);
        }
    }

    /** A process a child started, directly or not. */
    public record MemberRow(long pid, long parent, String name, long memoryBytes) {}

    /**
     * A process that is below the worker, or marked by it, but nobody's.
     *
     * @param parent its parent's pid
     */
    public record StrayRow(long pid, long parent, String name) {}
}
