package dev.cairn.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the database's file found, and what a repair made of it.
 *
 * @param sound whether nothing is wrong
 * @param problems what is wrong, in words; empty when nothing is
 * @param damagedFile where the damaged file was put aside; null when nothing was repaired
 * @param tables what was recovered; empty when nothing was repaired
 */
public record DatabaseReport(
        boolean sound, List<String> problems, @Nullable String damagedFile, List<Table> tables) {
    /**
     * One table.
     *
     * @param recovered rows that could be read
     * @param lost rows that could not; null when not even their number could be read
     */
    public record Table(
            String name, long recovered, @Nullable Long lost) {}

    public DatabaseReport {
        problems = List.copyOf(problems);
        tables = List.copyOf(tables);
    }
}
