package dev.cairn.observer.ask;

import dev.cairn.bus.NewObservation;
import dev.cairn.model.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether an observation says what another of its session said: the same words but for a few, about the same files, with the same
 * figures. Such a one is counted with the other and not kept beside it.
 */
final class Sameness {
    private static final double TITLE = 0.75;
    private static final double ALL = 0.6;

    /** What is compared. */
    private record Gist(Set<String> title, Set<String> words, Set<String> figures, Set<String> files) {}

    private Sameness() {}

    /** The observations, those that say the same as one before or as an earlier one of the session counted together. */
    static List<NewObservation> merge(List<NewObservation> observations, List<Observation> earlier) {
        List<Gist> known = new ArrayList<>();
        earlier.forEach(each -> known.add(gist(each)));
        List<NewObservation> merged = new ArrayList<>();
        List<Gist> gists = new ArrayList<>();
        for (NewObservation each : observations) {
            Gist gist = gist(each);
            int here = find(gist, gists);
            if (here >= 0) {
                merged.set(here, together(merged.get(here), each));
                continue;
            }
            int before = find(gist, known);
            gists.add(gist);
            merged.add(before < 0 ? each : counted(each, earlier.get(before).id()));
        }
        return merged;
    }

    private static int find(Gist gist, List<Gist> among) {
        for (int i = among.size() - 1; i >= 0; i--) {
            if (isSame(gist, among.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSame(Gist one, Gist other) {
        return one.figures().equals(other.figures())
                && one.files().equals(other.files())
                && share(one.title(), other.title()) >= TITLE
                && share(one.words(), other.words()) >= ALL;
    }

    /** How much two sets have in common: 1 for the same, 0 for nothing. */
    private static double share(Set<String> one, Set<String> other) {
        if (one.isEmpty() && other.isEmpty()) {
            return 1;
        }
        Set<String> both = new HashSet<>(one);
        both.retainAll(other);
        return (double) both.size() / (one.size() + other.size() - both.size());
    }

    private static Gist gist(NewObservation each) {
        return gist(each.title(), each.narrative(), each.facts(), each.filesModified());
    }

    private static Gist gist(Observation each) {
        return gist(each.title(), each.narrative(), each.facts(), each.filesModified());
    }

    private static Gist gist(String title, @Nullable String narrative, List<String> facts, List<String> files) {
        Set<String> words = words(title);
        Set<String> all = new HashSet<>(words);
        if (narrative != null) {
            all.addAll(words(narrative));
        }
        facts.forEach(fact -> all.addAll(words(fact)));
        Set<String> figures = new HashSet<>();
        all.stream().filter(word -> Character.isDigit(word.charAt(0))).forEach(figures::add);
        return new Gist(words, all, figures, new HashSet<>(files));
    }

    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private static NewObservation counted(NewObservation each, long sameAs) {
        return with(each, each.toolUseIds(), each.createdAt(), sameAs, each.times());
    }

    private static NewObservation together(NewObservation one, NewObservation other) {
        Set<Long> ids = new TreeSet<>(one.toolUseIds());
        ids.addAll(other.toolUseIds());
        return with(
                one,
                List.copyOf(ids),
                Math.max(one.createdAt(), other.createdAt()),
                one.sameAs(),
                one.times() + other.times());
    }

    private static NewObservation with(
            NewObservation each, List<Long> toolUseIds, long createdAt, @Nullable Long sameAs, int times) {
        return new NewObservation(
                each.type(),
                each.title(),
                each.subtitle(),
                each.narrative(),
                each.facts(),
                each.concepts(),
                each.filesRead(),
                each.filesModified(),
                each.commands(),
                toolUseIds,
                createdAt,
                sameAs,
                times);
    }
}
