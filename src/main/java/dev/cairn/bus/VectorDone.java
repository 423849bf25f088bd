package dev.cairn.bus;

import java.util.List;

/**
 * What became of a batch, document by document.
 *
 * @param written documents that are in the index now
 * @param failed memories that the index refused; the last of {@link #MAX_ATTEMPTS} refusals sets one aside
 * @param deleted memories that are no longer in the index
 */
public record VectorDone(List<Written> written, List<Long> failed, List<Long> deleted) {
    public static final int MAX_ATTEMPTS = 5;

    /** @param revision of the document that was written; a memory that changed since is written again */
    public record Written(long id, long revision) {}

    public VectorDone {
        written = List.copyOf(written);
        failed = List.copyOf(failed);
        deleted = List.copyOf(deleted);
    }
}
