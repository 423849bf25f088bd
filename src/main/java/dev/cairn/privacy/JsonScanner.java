package dev.cairn.privacy;

/**
 * Reads the tokens of a JSON text one after the other, and checks each. Every method refuses what is no JSON with an
 * {@link IllegalArgumentException} that says where. For one thread.
 */
final class JsonScanner {
    private final String json;
    private int at;

    JsonScanner(String json) {
        this.json = json;
    }

    /** Where the next token begins, or the space before it, in UTF-16 units. */
    int at() {
        return at;
    }

    /** The next character that is no space; moves before it. */
    char peek() {
        skipSpace();
        if (at == json.length()) {
            throw wrong("it ends too early");
        }
        return json.charAt(at);
    }

    /** Moves past the character that was peeked at. */
    void skip() {
        at++;
    }

    /** Whether nothing but space is left; moves past that. */
    boolean ended() {
        skipSpace();
        return at == json.length();
    }

    /** The string that begins here, decoded; moves past it. */
    String string() {
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

    /** The number that begins here, as it stands; moves past it. */
    String number() {
        int start = at;
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
        return json.substring(start, at);
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

    /** Whether this word stands here; moves past it then. */
    boolean literal(String word) {
        if (!json.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
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

    /** A refusal of what stands here. */
    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " at character " + at);
    }
}
