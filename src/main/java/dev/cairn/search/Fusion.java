package dev.cairn.search;

import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins the lists of several strategies by reciprocal rank (Cormack, Clarke and Büttcher, 2009): a memory scores
 * {@code 1 / (60 + rank)} in each list it is in. Ranks can be compared where scores of different kinds cannot.
 */
final class Fusion {
    private static final double K = 60;

    /** What one strategy found, the best first. */
    record Ranking(String strategy, MemoryRows found) {}

    /**
     * @param rows the best first, with the joint score
     * @param why the score of each strategy that found it, by memory
     */
    record Fused(MemoryRows rows, Map<Long, Map<String, Double>> why) {}

    private Fusion() {}

    /** @param rankings at least one; all of one query */
    static Fused fuse(List<Ranking> rankings, int offset, int limit) {
        Map<Long, Double> scores = new TreeMap<>();
        Map<Long, MemoryRow> rows = new TreeMap<>();
        Map<Long, Map<String, Double>> why = new TreeMap<>();
        long total = 0;
        Coverage coverage = rankings.get(0).found().coverage();
        for (Ranking ranking : rankings) {
            int rank = 0;
            for (MemoryRow row : ranking.found().rows()) {
                rank++;
                scores.merge(row.id(), 1 / (K + rank), Double::sum);
                rows.putIfAbsent(row.id(), row);
                why.computeIfAbsent(row.id(), any -> new TreeMap<>()).put(ranking.strategy(), row.score());
            }
            total = Math.max(total, ranking.found().total());
            Coverage each = ranking.found().coverage();
            coverage = each.indexed() < coverage.indexed() ? each : coverage;
        }
        List<MemoryRow> joined = new ArrayList<>();
        rows.values().forEach(row -> joined.add(row.scored(scores.getOrDefault(row.id(), 0.0))));
        joined.sort(Comparator.comparingDouble(MemoryRow::score)
                .reversed()
                .thenComparing(Comparator.comparingLong(MemoryRow::id).reversed()));
        List<MemoryRow> page = joined.stream().skip(offset).limit(limit).toList();
        return new Fused(new MemoryRows(page, Math.max(total, joined.size()), coverage), why);
    }
}
