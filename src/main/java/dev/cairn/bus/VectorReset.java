package dev.cairn.bus;

/**
 * The vector index begins anew, empty: every memory is to be written again.
 *
 * @param collection the name of the new index
 */
public record VectorReset(String collection) {}
