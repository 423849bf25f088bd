package dev.cairn.privacy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the string values of a JSON text in one pass, without building a tree: what a visitor leaves alone is copied as it
 * stands, so a text that nothing is changed in stays the same object. The text is checked on the way; depth is bounded.
 */
final class JsonText {
    /** How deeply containers may be nested. */
    static final int MAX_DEPTH = 1000;

    /** Decides over each value. Every method gives the new text, or null to leave it as it is. */
    interface Visitor {
        /**
         * A string value.
         *
         * @param name the member it stands in; for an element of an array the member the array stands in
         * @param container which object or array it stands in; unique within the text, above zero for arrays
         * @param text decoded
         */
        @Nullable
        String string(@Nullable String name, int container, String text);

        /** A number; a new text stands there as a string. */
        default @Nullable String number(@Nullable String name, String digits) {
            return null;
        }

        /** The name of a member. */
        default @Nullable String name(String name) {
            return null;
        }
    }

    private final String json;
    private final Visitor visitor;
    private int at;
    private @Nullable StringBuilder out;
    private int copied;

    private int depth;
    /** Per level: the container's number, above zero for an array and below for an object. */
    private int[] containers = new int[16];

    private @Nullable String[] names = new @Nullable String[16];
    private int containerCount;
    /** Whether the innermost container was opened just now and holds nothing yet. */
    private boolean fresh;

    private JsonText(String json, Visitor visitor) {
        this.json = json;
        this.visitor = visitor;
    }

    /**
     * Rewrites.
     *
     * @throws IllegalArgumentException if it is not one JSON value; the message says where
     */
    static String rewrite(String json, Visitor visitor) {
        JsonText text = new JsonText(json, visitor);
        text.document();
        return text.result();
    }

    private String result() {
        return out == null ? json : out.append(json, copied, json.length()).toString();
    }

    private void document() {
        value();
        while (depth > 0) {
            next();
        }
        skipSpace();
        if (at < json.length()) {
            throw wrong("text after the end");
        }
    }

    /** What follows within the innermost container: its end, or a further element. */
    private void next() {
        boolean array = containers[depth - 1] > 0;
        char c = peek();
        if (c == (array ? ']' : '}')) {
            at++;
            depth--;
            fresh = false;
            return;
        }
        if (!fresh) {
            if (c != ',') {
                throw wrong("',' expected");
            }
            at++;
            c = peek();
        }
        fresh = false;
        if (!array) {
            if (c != '"') {
                throw wrong("a member name expected");
            }
            int start = at;
            String name = string();
            replace(start, visitor.name(name));
            names[depth - 1] = name;
            if (peek() != ':') {
                throw wrong("':' expected");
            }
            at++;
        }
        value();
    }

    private void value() {
        char c = peek();
        int start = at;
        if (c == '"') {
            String text = string();
            replace(start, visitor.string(name(), depth == 0 ? 0 : containers[depth - 1], text));
        } else if (c == '{' || c == '[') {
            open(c == '[');
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            number();
            replace(start, visitor.number(name(), json.substring(start, at)));
        } else if (!literal("true") && !literal("false") && !literal("null")) {
            throw wrong("a value expected");
        }
    }

    private @Nullable String name() {
        return depth == 0 ? null : names[depth - 1];
    }

    private void open(boolean array) {
        if (depth == MAX_DEPTH) {
            throw wrong("nested more than " + MAX_DEPTH + " deep");
        }
        if (depth == containers.length) {
            containers = Arrays.copyOf(containers, depth * 2);
            names = Arrays.copyOf(names, depth * 2);
        }
        containerCount++;
        // An array's elements go by the name of the member the array stands in.
        names[depth] = array ? name() : null;
        containers[depth] = array ? containerCount : -containerCount;
        depth++;
        at++;
        fresh = true;
    }

    private void replace(int start, @Nullable String text) {
        if (text == null) {
            return;
        }
        if (out == null) {
            out = new StringBuilder(Math.min(json.length(), 1 << 16) + 64);
        }
        out.append(json, copied, start);
        quote(text, out);
        copied = at;
    }

    /** The string that begins here, decoded; moves past it. */
    private String string() {
        int start = ++at;
        int length = json.length();
        boolean escaped = false;
        while (at < length) {
            char c = json.charAt(at);
            if (c == '"') {
                String text = escaped ? decode(start, at) : json.substring(start, at);
                at++;
                return text;
            }
            if (c < ' ') {
                throw wrong("a control character in a string");
            }
            if (c == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        at = length;
        throw wrong("a string without end");
    }

    private String decode(int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        int from = start;
        for (int i = json.indexOf('\\', start); i >= 0 && i < end; i = json.indexOf('\\', from)) {
            text.append(json, from, i);
            char c = json.charAt(i + 1);
            from = i + 2;
            switch (c) {
                case '"', '\\', '/' -> text.append(c);
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append(unicode(i + 2, end));
                    from = i + 6;
                }
                default -> {
                    at = i;
                    throw wrong("an unknown escape");
                }
            }
        }
        return text.append(json, from, end).toString();
    }

    private char unicode(int from, int end) {
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < end ? Character.digit(json.charAt(i), 16) : -1;
            if (digit < 0 || json.charAt(i) > 'f') {
                at = i;
                throw wrong("four hexadecimal digits expected");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private void number() {
        if (json.charAt(at) == '-') {
            at++;
        }
        if (at < json.length() && json.charAt(at) == '0') {
            at++;
        } else {
            digits();
        }
        if (at < json.length() && json.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < json.length() && (json.charAt(at) == 'e' || json.charAt(at) == 'E')) {
            at++;
            if (at < json.length() && (json.charAt(at) == '+' || json.charAt(at) == '-')) {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        int start = at;
        while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("a digit expected");
        }
    }

    private boolean literal(String word) {
        if (!json.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private char peek() {
        skipSpace();
        if (at == json.length()) {
            throw wrong("it ends too early");
        }
        return json.charAt(at);
    }

    private void skipSpace() {
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " at character " + at);
    }

    /** Appends the text as a JSON string. */
    static void quote(String text, StringBuilder to) {
        to.append('"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\') {
                continue;
            }
            to.append(text, from, i).append('\\');
            from = i + 1;
            switch (c) {
                case '"', '\\' -> to.append(c);
                case '\n' -> to.append('n');
                case '\r' -> to.append('r');
                case '\t' -> to.append('t');
                default ->
                    to.append("u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        to.append(text, from, text.length()).append('"');
    }
}
