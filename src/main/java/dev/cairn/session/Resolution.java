package dev.cairn.session;

import dev.cairn.model.Project;

/**
 * What a directory belongs to.
 *
 * @param excluded whether nothing of it may be kept
 */
record Resolution(Project project, boolean excluded) {
    /** For events whose directory was never told. */
    static final Resolution UNKNOWN = new Resolution(Project.UNKNOWN, false);

    /** Of an agent that the worker started itself. */
    static final Resolution OWN = new Resolution(Project.UNKNOWN, true);

    boolean own() {
        return equals(OWN);
    }
}
