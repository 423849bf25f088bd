package dev.cairn.search;

import dev.cairn.model.PlainText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a text where a query matches best: one line, at most {@link #MAX_UNITS} UTF-16 units, matched words between
 * {@code «} and {@code »}. Where nothing matches it is the text's begin.
 */
final class Snippet {
    static final int MAX_UNITS = 200;

    /** How much text a snippet shows, in units; a wide character counts for four. The rest is for marks. */
    private static final int ROOM = 160;

    private static final int WIDE_WEIGHT = 4;
    private static final int MATCHES_CONSIDERED = 500;
    private static final String OPEN = "«";
    private static final String CLOSE = "»";

    private Snippet() {}

    /** @return null when the text is blank */
    static @Nullable String of(String text, Terms terms) {
        if (text.isBlank()) {
            return null;
        }
        List<Terms.Match> matches = terms.isEmpty() ? List.of() : terms.in(text);
        if (matches.isEmpty()) {
            return PlainText.line(text, unitsFor(text)).replace('«', '‹').replace('»', '›');
        }
        return around(text, matches);
    }

    private static String around(String text, List<Terms.Match> matches) {
        int first = bestCluster(matches);
        int clusterStart = matches.get(first).start();
        int start = Math.min(wordStart(text, clusterStart), clusterStart);
        int end = windowEnd(text, start);
        StringBuilder snippet = new StringBuilder(start > 0 ? PlainText.CUT : "");
        int at = start;
        int i = first;
        while (i > 0 && matches.get(i - 1).start() >= start) {
            i--;
        }
        // One for the last mark, one for a surrogate pair that begins on the last place.
        int room = MAX_UNITS - PlainText.CUT.length() - 1;
        while (i < matches.size() && matches.get(i).start() < end) {
            int from = Math.max(at, matches.get(i).start());
            int to = matches.get(i).end();
            // Matches that touch are one to the reader.
            while (i + 1 < matches.size() && matches.get(i + 1).start() <= to) {
                to = Math.max(to, matches.get(++i).end());
            }
            i++;
            to = Math.min(to, end);
            append(snippet, text, at, from, room);
            if (snippet.length() + (to - from) + 2 > room) {
                return cut(snippet);
            }
            snippet.append(OPEN);
            append(snippet, text, from, to, room);
            snippet.append(CLOSE);
            at = to;
        }
        append(snippet, text, at, end, room);
        return end < text.length() ? cut(snippet) : snippet.toString().stripTrailing();
    }

    /** The number of the match where the window begins that has the most different terms, then the most matches. */
    private static int bestCluster(List<Terms.Match> matches) {
        int considered = Math.min(matches.size(), MATCHES_CONSIDERED);
        int best = 0;
        int bestScore = 0;
        for (int i = 0; i < considered; i++) {
            long terms = 0;
            int count = 0;
            int limit = matches.get(i).start() + ROOM - ROOM / 4;
            for (int k = i; k < considered && matches.get(k).end() <= limit; k++) {
                terms |= 1L << matches.get(k).term();
                count++;
            }
            int score = Long.bitCount(terms) * 1_000 + Math.min(count, 999);
            if (score > bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }

    /** Where to begin, so that some words stand before the first match. */
    private static int wordStart(String text, int match) {
        int weight = 0;
        int start = match;
        while (start > 0 && weight < ROOM / 4) {
            start--;
            weight += weight(text.charAt(start));
        }
        if (start == 0) {
            return 0;
        }
        for (int at = start; at < match; at++) {
            if (Character.isWhitespace(text.charAt(at))) {
                return at + 1;
            }
        }
        return notInPair(text, start);
    }

    private static int windowEnd(String text, int start) {
        int weight = 0;
        int end = start;
        while (end < text.length() && weight < ROOM) {
            weight += weight(text.charAt(end));
            end++;
        }
        if (end == text.length()) {
            return end;
        }
        for (int at = end; at > end - ROOM / 8 && at > start; at--) {
            if (Character.isWhitespace(text.charAt(at))) {
                return at;
            }
        }
        return notInPair(text, end);
    }

    private static int notInPair(String text, int at) {
        boolean inPair = at > 0
                && at < text.length()
                && Character.isLowSurrogate(text.charAt(at))
                && Character.isHighSurrogate(text.charAt(at - 1));
        return inPair ? at - 1 : at;
    }

    private static int weight(char c) {
        return PlainText.isWide(c) ? WIDE_WEIGHT : 1;
    }

    private static int unitsFor(String text) {
        int end = windowEnd(text, 0);
        return Math.min(MAX_UNITS, end == text.length() ? MAX_UNITS : end + PlainText.CUT.length());
    }

    /** Appends a part of the text on one line; a mark that stands in the text itself gives way to ours. */
    private static void append(StringBuilder snippet, String text, int from, int to, int room) {
        if (from >= to) {
            return;
        }
        int before = snippet.length();
        boolean blankBefore = Character.isWhitespace(text.charAt(from)) && before > 0;
        if (blankBefore && snippet.charAt(before - 1) != ' ') {
            snippet.append(' ');
        }
        PlainText.appendLine(snippet, text, from, to, room);
        if (Character.isWhitespace(text.charAt(to - 1)) && snippet.length() > before && !endsWithBlank(snippet)) {
            snippet.append(' ');
        }
        for (int i = before; i < snippet.length(); i++) {
            char c = snippet.charAt(i);
            snippet.setCharAt(i, c == '«' ? '‹' : c == '»' ? '›' : c);
        }
    }

    private static boolean endsWithBlank(StringBuilder text) {
        return text.charAt(text.length() - 1) == ' ';
    }

    private static String cut(StringBuilder snippet) {
        return snippet.toString().stripTrailing() + PlainText.CUT;
    }
}
