package dev.cairn.search;

import dev.cairn.model.PlainText;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of a query, and where they stand in a text: what the index matched, found again to be shown.
 *
 * <p>Tolerant as the index is: case, accents and the endings of English words do not matter, {@code word*} stands for
 * every word that begins so, and text without blanks between words (CJK) is matched by pairs of characters.
 */
final class Terms {
    /** Beyond this no match is looked for, in UTF-16 units: a snippet must stay cheap. */
    private static final int MAX_SCANNED = 50_000;

    private static final int MAX_TERMS = 32;
    private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");
    /** Words that matched nothing of interest, when the query has others. */
    private static final Set<String> STOP_WORDS = Set.of(
            "a", "about", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
            "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my",
            "not", "of", "on", "or", "our", "so", "that", "the", "their", "them", "then", "there", "these", "they",
            "this", "to", "us", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with",
            "would", "you", "your");

    /**
     * Where a term stands.
     *
     * @param term the number of the term in the query
     * @param start the first UTF-16 unit
     * @param end the unit after the last
     */
    record Match(int term, int start, int end) {}

    private record Term(String word, String stem, boolean prefix) {}

    private final List<Term> words;
    private final List<String> pairs;

    private Terms(List<Term> words, List<String> pairs) {
        this.words = words;
        this.pairs = pairs;
    }

    /** The terms of a query; none for one that is null or has no words. */
    static Terms of(@Nullable String query) {
        Set<Term> all = new LinkedHashSet<>();
        Set<String> pairs = new LinkedHashSet<>();
        String text = query == null ? "" : query;
        int at = 0;
        while (at < text.length() && all.size() + pairs.size() < MAX_TERMS) {
            int end = wordEnd(text, at);
            if (end == at) {
                at++;
            } else if (PlainText.isWide(text.charAt(at))) {
                addPairs(pairs, text.substring(at, end));
                at = end;
            } else {
                String word = fold(text, at, end);
                boolean prefix = end < text.length() && text.charAt(end) == '*';
                if (!word.isEmpty()) {
                    all.add(new Term(word, Stem.of(word), prefix));
                }
                at = end;
            }
        }
        List<Term> telling =
                all.stream().filter(term -> !STOP_WORDS.contains(term.word())).toList();
        return new Terms(telling.isEmpty() && pairs.isEmpty() ? List.copyOf(all) : telling, List.copyOf(pairs));
    }

    boolean isEmpty() {
        return words.isEmpty() && pairs.isEmpty();
    }

    /** Every match, in the order of the text. */
    List<Match> in(String text) {
        List<Match> matches = new ArrayList<>();
        int to = Math.min(text.length(), MAX_SCANNED);
        int at = 0;
        while (at < to) {
            int end = wordEnd(text, at);
            if (end == at) {
                at++;
            } else if (PlainText.isWide(text.charAt(at))) {
                addPairMatches(matches, text, at, end);
                at = end;
            } else {
                addWordMatch(matches, text, at, end);
                at = end;
            }
        }
        return matches;
    }

    private void addWordMatch(List<Match> found, String text, int start, int end) {
        String word = null;
        String stem = null;
        for (int i = 0; i < words.size(); i++) {
            Term term = words.get(i);
            if (!mayMatch(term.word(), text, start, end)) {
                continue;
            }
            int length = end - start;
            if (length == term.word().length() && text.regionMatches(true, start, term.word(), 0, length)) {
                found.add(new Match(i, start, end));
                return;
            }
            if (word == null) {
                word = fold(text, start, end);
            }
            boolean matches = word.equals(term.word()) || (term.prefix() && word.startsWith(term.word()));
            if (!matches) {
                stem = stem == null ? Stem.of(word) : stem;
                matches = stem.equals(term.stem());
            }
            if (matches) {
                found.add(new Match(i, start, end));
                return;
            }
        }
    }

    /** Whether the first letters agree, as those of words with one stem do: most words need no folding to be told apart. */
    private static boolean mayMatch(String word, String text, int start, int end) {
        int length = Math.min(Stem.SHORTEST, Math.min(word.length(), end - start));
        for (int i = 0; i < length; i++) {
            char c = text.charAt(start + i);
            if (c >= 0x80) {
                return true;
            }
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void addPairMatches(List<Match> matches, String text, int start, int end) {
        for (int at = start; at < end; at++) {
            for (int i = 0; i < pairs.size(); i++) {
                String pair = pairs.get(i);
                if (at + pair.length() <= end && text.startsWith(pair, at)) {
                    matches.add(new Match(words.size() + i, at, at + pair.length()));
                }
            }
        }
    }

    private static void addPairs(Set<String> pairs, String run) {
        if (run.length() == 1) {
            pairs.add(run);
        }
        for (int i = 0; i + 1 < run.length() && pairs.size() < MAX_TERMS; i++) {
            pairs.add(run.substring(i, i + 2));
        }
    }

    /** The end of the word, or of the run of wide characters, that begins here; the place itself when none does. */
    private static int wordEnd(String text, int at) {
        if (!isWordPart(text, at)) {
            return at;
        }
        boolean wide = PlainText.isWide(text.charAt(at));
        int end = at + 1;
        while (end < text.length() && isWordPart(text, end) && PlainText.isWide(text.charAt(end)) == wide) {
            end++;
        }
        return end;
    }

    private static boolean isWordPart(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        }
        if (!Character.isSurrogate(c)) {
            return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
        }
        int codePoint = Character.isHighSurrogate(c) || at == 0 ? text.codePointAt(at) : text.codePointAt(at - 1);
        return Character.isLetterOrDigit(codePoint);
    }

    private static String fold(String text, int start, int end) {
        String word = text.substring(start, end).toLowerCase(Locale.ROOT);
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 0x80) {
                return ACCENTS.matcher(Normalizer.normalize(word, Normalizer.Form.NFD))
                        .replaceAll("");
            }
        }
        return word;
    }
}
