package dev.cairn.chain;

/**
 * Who this worker is.
 *
 * @param instance a random id, new at every start: "alive" means that this id answered
 * @param version the build's version
 * @param startedAt epoch milliseconds
 */
public record WorkerInfo(String instance, String version, long pid, long startedAt) {}
