package dev.cairn.search;

import dev.cairn.bus.Links;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.VectorHits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Joins what words and meaning found, by score: each is put between 0 and 1 over what the query found, then added. What stands
 * beside a good match in its session, and in a session with several, is lifted. How the weights were chosen, and what each brings, is
 * in {@code retrieval.md}.
 */
final class Fusion {
    private static final double MEANING = 0.55;
    private static final double WORDS = 1 - MEANING;
    private static final double NEIGHBOUR = 0.2;
    private static final double SESSION = 0.3;

    /** A session counts by the mean of so many of its best. */
    private static final int OF_SESSION = 3;

    /** A newest match gains so much over one much older, and half of it over one that is {@link #RECENCY_HALF_MS} older. */
    private static final double RECENCY = 0.1;

    private static final double RECENCY_HALF_MS = 30.0 * 24 * 3_600_000;

    /** The farthest of fewer says little about how far the far ones are. */
    private static final int ENOUGH = 50;

    /**
     * @param why the score by strategy, and what came on top
     */
    record Candidate(long id, double score, Map<String, Double> why) {
        Candidate with(String reason, double more) {
            if (more == 0) {
                return this;
            }
            Map<String, Double> all = new TreeMap<>(why);
            all.put(reason, more);
            return new Candidate(id, score + more, all);
        }
    }

    static final Comparator<Candidate> BEST_FIRST = Comparator.comparingDouble(Candidate::score)
            .thenComparingLong(Candidate::id)
            .reversed();

    private Fusion() {}

    /** Each by itself, the best first. What only meaning found, and only as near as anything is, is left out. */
    static List<Candidate> join(Ranked words, VectorHits meaning) {
        double most = words.hits().isEmpty() ? 0 : words.hits().get(0).score();
        Map<Long, Double> byWords = new LinkedHashMap<>();
        words.hits().forEach(hit -> byWords.put(hit.id(), hit.score()));
        double nearest = meaning.hits().isEmpty() ? 0 : meaning.hits().get(0).distance();
        double farthest = farthest(meaning);
        List<Candidate> joined = new ArrayList<>();
        for (VectorHits.Hit hit : meaning.hits()) {
            Double score = byWords.remove(hit.id());
            if (score == null && hit.distance() > meaning.noise()) {
                continue;
            }
            double near = farthest > nearest ? Math.max(0, (farthest - hit.distance()) / (farthest - nearest)) : 1;
            Map<String, Double> why = new TreeMap<>();
            why.put("semantic", 1 - hit.distance() / 2);
            if (score != null) {
                why.put("keyword", score);
            }
            joined.add(new Candidate(hit.id(), MEANING * near + (score == null ? 0 : WORDS * score / most), why));
        }
        byWords.forEach((id, score) -> joined.add(byWords(id, score, most)));
        joined.sort(BEST_FIRST);
        return joined;
    }

    /** What words found, from a place in their ranking on. */
    static List<Candidate> byWords(Ranked words, int from) {
        return words.hits().stream()
                .skip(from)
                .map(hit -> byWords(hit.id(), hit.score(), words.hits().get(0).score()))
                .toList();
    }

    private static Candidate byWords(long id, double score, double most) {
        return new Candidate(id, WORDS * score / most, Map.of("keyword", score));
    }

    private static double farthest(VectorHits meaning) {
        int size = meaning.hits().size();
        double last = size == 0 ? 0 : meaning.hits().get(size - 1).distance();
        return size < ENOUGH ? Math.max(last, meaning.noise()) : last;
    }

    /**
     * The candidates that have a link, the best first.
     *
     * @param candidates joined scores
     * @param recency whether the newer of two that fit as well comes first
     */
    static List<Candidate> settle(List<Candidate> candidates, Links links, boolean recency) {
        Map<Long, Links.Link> linkOf = new HashMap<>();
        links.links().forEach(link -> linkOf.put(link.id(), link));
        List<Candidate> there = candidates.stream()
                .filter(each -> linkOf.containsKey(each.id()))
                .toList();
        Map<Long, Double> own = new HashMap<>();
        Map<Long, double[]> sessions = new HashMap<>();
        long newest = Long.MIN_VALUE;
        for (Candidate candidate : there) {
            Links.Link link = link(linkOf, candidate);
            own.put(candidate.id(), candidate.score());
            newest = Math.max(newest, link.createdAt());
            if (link.session() != null) {
                keepBest(sessions.computeIfAbsent(link.session(), any -> new double[OF_SESSION]), candidate.score());
            }
        }
        List<Candidate> settled = new ArrayList<>();
        for (Candidate candidate : there) {
            Links.Link link = link(linkOf, candidate);
            double beside = Math.max(of(own, link.previous()), of(own, link.next()));
            double[] best = link.session() == null ? new double[OF_SESSION] : sessions.get(link.session());
            double session = Arrays.stream(best).sum() / OF_SESSION;
            double age = recency ? Math.pow(0.5, (newest - link.createdAt()) / RECENCY_HALF_MS) : 0;
            settled.add(candidate
                    .with("neighbour", NEIGHBOUR * beside)
                    .with("session", SESSION * session)
                    .with("recency", RECENCY * age));
        }
        settled.sort(BEST_FIRST);
        return settled;
    }

    private static Links.Link link(Map<Long, Links.Link> links, Candidate candidate) {
        Links.Link link = links.get(candidate.id());
        if (link == null) {
            throw new IllegalStateException("a candidate without a link was kept");
        }
        return link;
    }

    private static double of(Map<Long, Double> scores, @Nullable Long id) {
        return id == null ? 0 : scores.getOrDefault(id, 0.0);
    }

    /** The array keeps the highest, the lowest of them first. */
    private static void keepBest(double[] best, double score) {
        if (score > best[0]) {
            best[0] = score;
            Arrays.sort(best);
        }
    }

    /** The ids of the settled and then of the others, each once. */
    static List<Candidate> after(List<Candidate> settled, List<Candidate> others) {
        Set<Long> first = new HashSet<>();
        settled.forEach(each -> first.add(each.id()));
        List<Candidate> all = new ArrayList<>(settled);
        others.stream().filter(each -> !first.contains(each.id())).forEach(all::add);
        return all;
    }
}
