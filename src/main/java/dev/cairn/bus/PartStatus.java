package dev.cairn.bus;

import java.util.Map;

/**
 * How one part of the worker is.
 *
 * @param up whether it does its work
 * @param state one word: {@code up}, {@code off}, {@code degraded}, …
 * @param detail figures and reasons for people
 */
public record PartStatus(boolean up, String state, Map<String, String> detail) {
    public PartStatus {
        detail = Map.copyOf(detail);
    }

    public static PartStatus up(Map<String, String> detail) {
        return new PartStatus(true, "up", detail);
    }
}
