package dev.cairn.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its name, its default, what it accepts and what it is for.
 *
 * @param path the key, with dots between its levels
 * @param defaultValue a Boolean, Long, Double, String or List of String; null means "not set"
 * @param min the smallest number accepted; only with numbers
 * @param max the largest number accepted; only with numbers
 * @param words the only words accepted; empty for any text
 * @param secret whether its value is never shown
 * @param help one sentence for people, with the unit
 */
public record Key(
        String path,
        Type type,
        @Nullable Object defaultValue,
        long min,
        long max,
        List<String> words,
        boolean secret,
        String help) {

    /** What a value must be. */
    public enum Type {
        BOOLEAN,
        NUMBER,
        /** A number that may have a fraction. */
        DECIMAL,
        TEXT,
        TEXTS
    }

    static Key number(String path, long value, long min, long max, String help) {
        return new Key(path, Type.NUMBER, value, min, max, List.of(), false, help);
    }

    static Key decimal(String path, double value, long min, long max, String help) {
        return new Key(path, Type.DECIMAL, value, min, max, List.of(), false, help);
    }

    static Key text(String path, @Nullable String value, String help) {
        return new Key(path, Type.TEXT, value, 0, 0, List.of(), false, help);
    }

    static Key secret(String path, String help) {
        return new Key(path, Type.TEXT, null, 0, 0, List.of(), true, help);
    }

    static Key word(String path, String value, List<String> words, String help) {
        return new Key(path, Type.TEXT, value, 0, 0, words, false, help);
    }

    static Key texts(String path, List<String> value, String help) {
        return new Key(path, Type.TEXTS, value, 0, 0, List.of(), false, help);
    }

    static Key flag(String path, boolean value, String help) {
        return new Key(path, Type.BOOLEAN, value, 0, 0, List.of(), false, help);
    }

    /** The environment variable that sets it. */
    public String environment() {
        return "CAIRN_" + path.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
    }
}
