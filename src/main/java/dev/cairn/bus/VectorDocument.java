package dev.cairn.bus;

import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import org.jspecify.annotations.Nullable;

/**
 * A memory as the vector index keeps it.
 *
 * @param revision counts how often the memory changed since it was first handed to the index
 * @param type an observation's type; null for the other kinds
 * @param createdAt epoch milliseconds
 * @param text what is embedded: the title first, then the body
 */
public record VectorDocument(
        long id, long revision, Kind kind, @Nullable String type, Project project, long createdAt, String text) {}
