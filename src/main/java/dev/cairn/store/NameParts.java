package dev.cairn.store;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of names that are joined by capitals: {@code foo, Bar} of {@code fooBar}; {@code parse, JSON, File} of {@code
 * parseJSONFile}; {@code Http3, Stream} of {@code Http3Stream}. Other joints, as in {@code snake_case} or a path, the index splits at by
 * itself; digits belong to what they stand behind.
 */
final class NameParts {
    /** Longer runs of letters are no names that anybody looks for by their parts, but data. In UTF-16 units. */
    private static final int MAX_NAME = 100;

    private NameParts() {}

    /** The parts of all joined names of the texts, in their order, with blanks between them. */
    static String of(String... texts) {
        StringBuilder parts = new StringBuilder();
        for (String text : texts) {
            int at = 0;
            while (at < text.length()) {
                int end = at;
                while (end < text.length() && isNamePart(text.charAt(end))) {
                    end++;
                }
                if (end - at <= MAX_NAME && isJoined(text, at, end)) {
                    for (String part : split(text.substring(at, end))) {
                        parts.append(parts.isEmpty() ? "" : " ").append(part);
                    }
                }
                at = end + 1;
            }
        }
        return parts.toString();
    }

    /** The parts of one name; itself alone when it is not joined. */
    static List<String> split(String name) {
        List<String> parts = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= name.length(); i++) {
            if (i == name.length() || isJoint(name, i)) {
                parts.add(name.substring(begin, i));
                begin = i;
            }
        }
        return parts;
    }

    private static boolean isJoined(String text, int begin, int end) {
        for (int i = begin + 1; i < end; i++) {
            if (isJoint(text, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a part ends before {@code i}: at a capital after another letter or a digit, before a capitalised word. */
    private static boolean isJoint(String text, int i) {
        char before = text.charAt(i - 1);
        if (!isCapital(text.charAt(i)) || !isNamePart(before)) {
            return false;
        }
        boolean word = i + 1 < text.length() && isSmall(text.charAt(i + 1));
        return !isCapital(before) || word;
    }

    private static boolean isNamePart(char c) {
        return isSmall(c) || isCapital(c) || isDigit(c);
    }

    private static boolean isSmall(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
