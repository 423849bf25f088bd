package dev.cairn.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any text as a full-text expression that is always valid.
 *
 * <p>Words are looked for one by one, English stop words only when there is nothing else. {@code "Words in quotes"} are a
 * phrase; a {@code *} after a word or a phrase makes its last word a prefix. An identifier such as {@code ERR_123},
 * {@code --flag} or {@code a/b/Name.java} is looked for as a phrase and by its name, which is its last part that is neither a
 * number nor a file's ending; with all its other parts beside the phrase,
 * the commits of the development set ranked worse. Words joined
 * by a plain hyphen or slash count as words. A run of Chinese, Japanese or Korean is looked for as a whole and by its pairs.
 */
final class FtsQuery {
    /** More terms than this are not looked for: a query's price grows with each. */
    static final int MAX_TERMS = 64;

    private static final Pattern JOINED = Pattern.compile("[\\p{L}\\p{N}][._/\\\\:#@-]+[\\p{L}\\p{N}]");
    private static final Pattern ENDING = Pattern.compile("\\.\\p{L}{1,4}[^\\p{L}\\p{N}]*$");

    private final Set<String> terms = new LinkedHashSet<>();

    /** Words that stand side by side, as phrases: what holds both so ranks above what holds both somewhere. */
    private final Set<String> pairs = new LinkedHashSet<>();

    private @Nullable String before;
    private final Set<String> stopWords = new LinkedHashSet<>();
    private final boolean narrow;

    private FtsQuery(boolean narrow) {
        this.narrow = narrow;
    }

    /** Matches what holds any of the words; null when the text has no word at all. */
    static @Nullable String any(String text) {
        return new FtsQuery(false).parse(text).join(" OR ");
    }

    /** Matches what holds all of the words, stop words too; null when the text has no word at all. */
    static @Nullable String all(String text) {
        return new FtsQuery(true).parse(text).join(" AND ");
    }

    private @Nullable String join(String operator) {
        Collection<String> chosen = terms.isEmpty() ? stopWords : terms;
        if (chosen.isEmpty()) {
            return null;
        }
        return Stream.concat(chosen.stream(), pairs.stream()).limit(MAX_TERMS).collect(Collectors.joining(operator));
    }

    private FtsQuery parse(String text) {
        String normal = FtsText.normal(text);
        int i = 0;
        while (i < normal.length()) {
            char c = normal.charAt(i);
            int closing = c == '"' ? normal.indexOf('"', i + 1) : -1;
            if (closing > 0) {
                boolean prefix = closing + 1 < normal.length() && normal.charAt(closing + 1) == '*';
                phrase(words(normal.substring(i + 1, closing)), prefix);
                before = null;
                i = closing + 1;
            } else if (c == '"' || Character.isWhitespace(c)) {
                i++;
            } else {
                int end = i;
                while (end < normal.length()
                        && normal.charAt(end) != '"'
                        && !Character.isWhitespace(normal.charAt(end))) {
                    end++;
                }
                chunk(normal.substring(i, end));
                i = end;
            }
        }
        return this;
    }

    private void phrase(List<String> words, boolean prefix) {
        if (!words.isEmpty()) {
            terms.add('"' + String.join(" ", words) + '"' + (prefix ? "*" : ""));
        }
    }

    /** What stands between white space; its parts of Chinese, Japanese or Korean count by themselves. */
    private void chunk(String chunk) {
        int begin = 0;
        boolean cjk = false;
        int i = 0;
        while (i < chunk.length()) {
            int c = chunk.codePointAt(i);
            boolean now = FtsText.isCjk(c);
            if (now != cjk) {
                part(chunk.substring(begin, i), cjk);
                begin = i;
                cjk = now;
            }
            i += Character.charCount(c);
        }
        part(chunk.substring(begin), cjk);
    }

    private void part(String part, boolean cjk) {
        if (part.isEmpty()) {
            return;
        }
        List<String> words = words(part);
        boolean prefix = part.endsWith("*") && isWordPart(part, part.length() - 1);
        if (cjk) {
            before = null;
            phrase(words, false);
            for (int i = 0; !narrow && words.size() > 2 && i + 1 < words.size(); i++) {
                phrase(words.subList(i, i + 2), false);
            }
        } else if (words.size() > 1 && narrow) {
            phrase(words, prefix);
        } else if (words.size() > 1 && isIdentifier(part)) {
            phrase(words, prefix);
            word(name(part, words), false);
            nameParts(part);
            before = null;
        } else {
            for (int i = 0; i < words.size(); i++) {
                word(words.get(i), prefix && i == words.size() - 1);
                pair(words.get(i));
            }
            nameParts(part);
        }
    }

    /** {@code fooBar} is looked for by {@code foo} and {@code bar} too. */
    private void nameParts(String part) {
        if (!narrow) {
            for (String name : NameParts.of(part).split(" ", -1)) {
                if (name.length() > 1) {
                    word(name.toLowerCase(Locale.ROOT), false);
                }
            }
        }
    }

    private void pair(String word) {
        String first = before;
        before = StopWords.contains(word) ? null : word;
        if (!narrow && first != null && before != null && !first.equals(word)) {
            pairs.add('"' + first + " " + word + '"');
        }
    }

    private void word(String word, boolean prefix) {
        String term = '"' + word + '"' + (prefix ? "*" : "");
        if (!narrow && !prefix && StopWords.contains(word)) {
            stopWords.add(term);
        } else {
            terms.add(term);
        }
    }

    /** Whether the star at {@code star} follows a word directly. */
    private static boolean isWordPart(String part, int star) {
        return star > 0 && isWordChar(part.codePointBefore(star));
    }

    /** Whether its words are joined by a mark of identifiers; letters joined by hyphens or slashes alone are prose. */
    private static boolean isIdentifier(String part) {
        if (part.startsWith("-") || part.startsWith("/")) {
            return true;
        }
        if (!JOINED.matcher(part).find()) {
            return false;
        }
        int end = part.length();
        while (end > 0 && !isWordChar(part.codePointBefore(end))) {
            end--;
        }
        int begin = 0;
        while (begin < end && !isWordChar(part.codePointAt(begin))) {
            begin++;
        }
        return !part.substring(begin, end).codePoints().allMatch(c -> c == '-' || c == '/' || Character.isLetter(c));
    }

    private static String name(String part, List<String> words) {
        int last = words.size() - (ENDING.matcher(part).find() ? 2 : 1);
        for (int i = last; i >= 0; i--) {
            if (!isNumber(words.get(i))) {
                return words.get(i);
            }
        }
        return words.get(last);
    }

    private static boolean isNumber(String word) {
        return word.chars().allMatch(Character::isDigit);
    }

    /** The words as SQLite's tokenizer sees them, in lower case; each character of Chinese and the like is one. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            boolean cjk = FtsText.isCjk(c);
            if (!word.isEmpty() && (cjk || !isWordChar(c))) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (cjk) {
                words.add(Character.toString(c));
            } else if (isWordChar(c)) {
                word.append(Character.toString(c).toLowerCase(Locale.ROOT));
            }
            i += Character.charCount(c);
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** Letters, numbers and what stands above or below them. */
    private static boolean isWordChar(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER,
                    Character.NON_SPACING_MARK -> true;
            default -> false;
        };
    }
}
