package dev.cairn.privacy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of secret is found: by a keyword that stands in each, then a closer look at its place.
 *
 * @param name what stands in the marker
 * @param keywords ASCII, found in any case
 * @param look the closer look
 */
record SecretRule(String name, List<String> keywords, Look look) {

    /** Part of a text, from {@code start} to before {@code end}. */
    record Span(int start, int end) {}

    /** Looks at the place of a keyword. Its time must not grow with the length of the text. */
    interface Look {
        /**
         * @param start where the keyword begins
         * @param end where it ends
         * @return the secret; null when it is none
         */
        @Nullable
        Span at(String text, int start, int end);
    }

    /** The longest match of a pattern, in UTF-16 units. */
    private static final int REACH = 96 * 1024;

    private static final String SECRET = "secret";

    /** A token that begins with its keyword, at the begin of a word. */
    static SecretRule token(String name, String regex, String... keywords) {
        return token(name, 0, regex, keywords);
    }

    /** A token in which the keyword stands {@code back} characters from the begin. */
    static SecretRule token(String name, int back, String regex, String... keywords) {
        Pattern pattern = Pattern.compile(regex);
        return new SecretRule(
                name,
                List.of(keywords),
                (text, start, end) ->
                        start >= back && beginsWord(text, start - back) ? match(pattern, text, start - back) : null);
    }

    /** A pattern from the keyword on, wherever it stands; what is secret is its group of that name, or all. */
    static SecretRule pattern(String name, String regex, String... keywords) {
        Pattern pattern = Pattern.compile(regex);
        return new SecretRule(name, List.of(keywords), (text, start, end) -> match(pattern, text, start));
    }

    static @Nullable Span match(Pattern pattern, String text, int start) {
        Matcher matcher = pattern.matcher(text)
                .region(start, (int) Math.min(text.length(), (long) start + REACH))
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
        if (!matcher.lookingAt()) {
            return null;
        }
        return pattern.pattern().contains("(?<" + SECRET + ">")
                ? new Span(matcher.start(SECRET), matcher.end(SECRET))
                : new Span(matcher.start(), matcher.end());
    }

    /**
     * Whether a word can begin here. Letters before it that belong to an escape (JSON's {@code \n}, a URL's {@code %3D}, a
     * terminal's colour) do not belong to the word.
     */
    static boolean beginsWord(String text, int at) {
        if (at == 0 || !isWord(text.charAt(at - 1))) {
            return true;
        }
        char before = text.charAt(at - 1);
        if (at >= 2 && text.charAt(at - 2) == '\\' && "nrtbf".indexOf(before) >= 0) {
            return true;
        }
        if (at >= 3 && text.charAt(at - 3) == '%' && isHex(text, at - 2, at)) {
            return true;
        }
        if (at >= 6 && text.startsWith("\\u", at - 6) && isHex(text, at - 4, at)) {
            return true;
        }
        return endsColour(text, at - 1);
    }

    private static boolean endsColour(String text, int last) {
        int i = last - 1;
        while (i > 0 && last - i < 12 && (Character.isDigit(text.charAt(i)) || text.charAt(i) == ';')) {
            i--;
        }
        return i > 0 && text.charAt(i) == '[' && text.charAt(i - 1) == '\u001b';
    }

    static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
