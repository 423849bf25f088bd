package dev.cairn.vector.embed;

/**
 * A loaded model.
 *
 * @param id vectors of another id are of another model
 * @param dimensions of its vectors
 */
public record EmbedderInfo(String id, int dimensions) {}
