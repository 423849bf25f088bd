package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/**
 * What memories belong to.
 *
 * @param key unique: the canonical path of the repository's root, or the name given by a marker file or a setting
 * @param name for people: the last part of the path, or the given name; not unique
 */
public record Project(String key, String name) {
    /** For what came without a directory and without a name. */
    public static final Project UNKNOWN = new Project("unknown", "unknown");

    private static final String GUESS = "name:";

    /**
     * A project of which only the name was told. Whoever stores something of it looks for the project that is meant; until a directory
     * of that name is told, the name stands for it.
     */
    public static Project named(String name) {
        return new Project(GUESS + name, name);
    }

    /** The project of a key that {@link #named} made; null for any other key. */
    public static @Nullable Project ofGuess(String key) {
        return key.startsWith(GUESS) && key.length() > GUESS.length() ? named(key.substring(GUESS.length())) : null;
    }

    /** Whether its directory was never told. */
    public boolean guessed() {
        return key.equals(GUESS + name) || equals(UNKNOWN);
    }
}
