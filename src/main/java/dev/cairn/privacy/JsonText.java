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
    private final JsonScanner scanner;
    private final Visitor visitor;
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
        this.scanner = new JsonScanner(json);
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
        if (!scanner.ended()) {
            throw scanner.wrong("text after the end");
        }
    }

    /** What follows within the innermost container: its end, or a further element. */
    private void next() {
        boolean array = containers[depth - 1] > 0;
        char c = scanner.peek();
        if (c == (array ? ']' : '}')) {
            scanner.skip();
            depth--;
            fresh = false;
            return;
        }
        if (!fresh) {
            if (c != ',') {
                throw scanner.wrong("',' expected");
            }
            scanner.skip();
            c = scanner.peek();
        }
        fresh = false;
        if (!array) {
            if (c != '"') {
                throw scanner.wrong("a member name expected");
            }
            int start = scanner.at();
            String name = scanner.string();
            replace(start, visitor.name(name));
            names[depth - 1] = name;
            if (scanner.peek() != ':') {
                throw scanner.wrong("':' expected");
            }
            scanner.skip();
        }
        value();
    }

    private void value() {
        char c = scanner.peek();
        int start = scanner.at();
        if (c == '"') {
            String text = scanner.string();
            replace(start, visitor.string(name(), depth == 0 ? 0 : containers[depth - 1], text));
        } else if (c == '{' || c == '[') {
            open(c == '[');
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            replace(start, visitor.number(name(), scanner.number()));
        } else if (!scanner.literal("true") && !scanner.literal("false") && !scanner.literal("null")) {
            throw scanner.wrong("a value expected");
        }
    }

    private @Nullable String name() {
        return depth == 0 ? null : names[depth - 1];
    }

    private void open(boolean array) {
        if (depth == MAX_DEPTH) {
            throw scanner.wrong("nested more than " + MAX_DEPTH + " deep");
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
        scanner.skip();
        fresh = true;
    }

    /** Puts the text, if there is one, in place of the token that began there and ends here. */
    private void replace(int start, @Nullable String text) {
        if (text == null) {
            return;
        }
        if (out == null) {
            out = new StringBuilder(Math.min(json.length(), 1 << 16) + 64);
        }
        out.append(json, copied, start);
        quote(text, out);
        copied = scanner.at();
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
