package dev.cairn.model;

/**
 * The observation that corrects another: the last one, when it was corrected itself.
 *
 * @param id its id, higher than that of what it corrects
 * @param createdAt epoch milliseconds
 */
public record Correction(long id, String title, long createdAt) {}
