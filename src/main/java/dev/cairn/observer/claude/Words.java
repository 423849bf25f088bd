package dev.cairn.observer.claude;

import dev.cairn.model.PlainText;
import java.util.regex.Pattern;

/** What a program says, fit for a message: on one line, bounded, without what looks like a key. */
final class Words {
    private static final Pattern KEY = Pattern.compile("sk-[A-Za-z0-9_-]{8,}|(?i:bearer) [A-Za-z0-9._-]{8,}");

    private Words() {}

    static String line(String text, int most) {
        return PlainText.line(KEY.matcher(text).replaceAll("[key]"), most);
    }
}
