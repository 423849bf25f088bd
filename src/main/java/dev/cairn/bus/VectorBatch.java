package dev.cairn.bus;

import java.util.List;

/**
 * What the vector index lacks.
 *
 * @param documents to write, by ascending id
 * @param deletions memories that were forgotten and are to leave the index
 */
public record VectorBatch(List<VectorDocument> documents, List<Long> deletions) {
    public VectorBatch {
        documents = List.copyOf(documents);
        deletions = List.copyOf(deletions);
    }

    public boolean isEmpty() {
        return documents.isEmpty() && deletions.isEmpty();
    }
}
