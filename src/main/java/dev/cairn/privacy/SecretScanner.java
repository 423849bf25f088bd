package dev.cairn.privacy;

import com.google.re2j.Pattern;
import dev.cairn.privacy.SecretRule.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds secrets. One pass finds the keywords of all rules; only where one stands is looked closer, within bounds, and the
 * owner's own patterns are of RE2, which never goes back: so the time is linear in the text. Thread-safe.
 */
final class SecretScanner {
    private record Found(int start, int end, int rule) {}

    private final List<SecretRule> rules;
    private final List<Pattern> patterns;
    private final KeywordFinder finder;
    /** Per keyword the number of its rule, and its length. */
    private final int[] ruleOf;

    private final int[] lengthOf;

    SecretScanner(List<SecretRule> rules, List<Pattern> patterns) {
        this.rules = rules;
        this.patterns = patterns;
        List<String> keywords = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int r = 0; r < rules.size(); r++) {
            for (String keyword : rules.get(r).keywords()) {
                keywords.add(keyword);
                owners.add(r);
            }
        }
        finder = new KeywordFinder(keywords);
        ruleOf = owners.stream().mapToInt(Integer::intValue).toArray();
        lengthOf = keywords.stream().mapToInt(String::length).toArray();
    }

    /** The secrets, in order, not overlapping, with the markers that shall stand for them. */
    List<Markers.Marked> find(String text) {
        Scan scan = new Scan(text);
        finder.find(text, scan);
        if (!patterns.isEmpty()) {
            findOwn(text, scan);
        }
        return scan.found == null ? List.of() : merged(scan.found);
    }

    private void findOwn(String text, Scan scan) {
        for (Pattern pattern : patterns) {
            var matcher = pattern.matcher(text);
            while (matcher.find()) {
                if (matcher.end() > matcher.start() && !Markers.touches(text, matcher.start(), matcher.end())) {
                    scan.add(matcher.start(), matcher.end(), rules.size());
                }
            }
        }
    }

    private List<Markers.Marked> merged(List<Found> found) {
        found.sort(Comparator.comparingInt(Found::start).thenComparingInt(Found::rule));
        List<Markers.Marked> merged = new ArrayList<>();
        for (Found next : found) {
            Markers.Marked last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last == null || next.start >= last.end()) {
                String name = next.rule < rules.size() ? rules.get(next.rule).name() : "pattern";
                merged.add(new Markers.Marked(next.start, next.end, Markers.secret(name)));
            } else if (next.end > last.end()) {
                merged.set(merged.size() - 1, new Markers.Marked(last.start(), next.end, last.marker()));
            }
        }
        return merged;
    }

    private final class Scan implements KeywordFinder.Listener {
        private final String text;
        private @Nullable List<Found> found;
        /** Per rule where its last secret ended: what begins within it is no further one. */
        private int @Nullable [] covered;

        Scan(String text) {
            this.text = text;
        }

        @Override
        public void found(int keyword, int end) {
            int rule = ruleOf[keyword];
            int start = end - lengthOf[keyword];
            if (covered != null && start < covered[rule]) {
                return;
            }
            Span span = rules.get(rule).look().at(text, start, end);
            if (span != null && span.start() < span.end()) {
                if (covered == null) {
                    covered = new int[rules.size()];
                }
                covered[rule] = span.end();
                add(span.start(), span.end(), rule);
            }
        }

        void add(int start, int end, int rule) {
            if (found == null) {
                found = new ArrayList<>();
            }
            found.add(new Found(start, end, rule));
        }
    }
}
