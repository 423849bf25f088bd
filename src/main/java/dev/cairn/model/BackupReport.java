package dev.cairn.model;

/**
 * What a copy of the database holds.
 *
 * @param file its path
 * @param bytes its size
 * @param memories prompts, observations and summaries in it
 */
public record BackupReport(String file, long bytes, long memories) {}
