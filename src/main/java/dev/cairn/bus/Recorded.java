package dev.cairn.bus;

import dev.cairn.model.Project;
import org.jspecify.annotations.Nullable;

/**
 * What became of recorded events. When it arrives, they are committed.
 *
 * @param project where they went; null when the project is excluded and nothing was kept
 * @param stored how many were new
 * @param duplicates how many had been recorded before
 */
public record Recorded(@Nullable Project project, int stored, int duplicates) {}
