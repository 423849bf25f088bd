package dev.cairn.bus;

import java.util.List;

/**
 * Asks what became of records of another memory.
 *
 * @param origins 1 to {@value #MAX_ORIGINS}, as {@link Origin#parse} reads them: {@code claude-mem:observation:12}, or short
 *     {@code claude-mem:12}, {@code claude-mem:S12} for a summary, {@code :P12} for a prompt, {@code :T12} for a tool use
 */
public record ImportedQuery(List<String> origins) {
    public static final int MAX_ORIGINS = 1_000;

    public ImportedQuery {
        origins = List.copyOf(origins);
    }
}
