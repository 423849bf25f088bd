package dev.cairn.bus;

import dev.cairn.model.Project;

/**
 * The project of a directory.
 *
 * @param excluded whether nothing is recorded there
 */
public record ProjectFound(Project project, boolean excluded) {}
