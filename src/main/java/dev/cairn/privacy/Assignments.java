package dev.cairn.privacy;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values given to names that stand for a secret: {@code password=…}, {@code export API_KEY=…}, {@code "token": "…"},
 * {@code --token …}, {@code <password>…</password>}, "my password is …". Whether a value is one is judged by
 * {@link SecretValues}.
 */
final class Assignments {
    static final List<String> KEYWORDS = List.of(
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "pwd",
            "_pass",
            "secret",
            "token",
            "apikey",
            "api_key",
            "api-key",
            "accesskey",
            "access_key",
            "access-key",
            "private_key",
            "privatekey",
            "private-key",
            "auth_key",
            "authkey",
            "encryption_key",
            "signing_key",
            "master_key",
            "credential",
            "authorization",
            "_auth",
            "connectionstring",
            "connection_string");

    /** How far is looked to each side of a keyword for the whole name. */
    private static final int NAME = 48;

    private static final int BLANKS = 12;
    /** A value is judged by its begin; one that is secret is hidden to its end, however far. */
    private static final int JUDGED = 256;

    private static final boolean[] ENDS_BARE = new boolean[128];

    static {
        for (char c : "\"'`()[]{}<>|\\".toCharArray()) {
            ENDS_BARE[c] = true;
        }
    }

    /** {@code password_file}, {@code tokenType}: names that say something about a secret, not the secret. */
    private static final List<String> ABOUT = List.of(
            "type",
            "count",
            "limit",
            "file",
            "path",
            "dir",
            "name",
            "url",
            "uri",
            "id",
            "len",
            "length",
            "size",
            "expiry",
            "expires",
            "expiration",
            "ttl",
            "field",
            "label",
            "hint",
            "policy",
            "version",
            "prefix",
            "format",
            "reset",
            "required",
            "strength",
            "arn",
            "ref",
            "budget",
            "usage",
            "class");

    private static final Pattern TYPE =
            Pattern.compile(":\\s{0,4}[A-Za-z][A-Za-z0-9_.<>\\[\\]?| ]{0,40}?\\s{0,4}=(?!=)");
    private static final Pattern IS = Pattern.compile("(?i)\\s{1,4}(?:is|was|=)\\s{0,2}:?\\s{1,4}");

    private Assignments() {}

    static SecretRule.@Nullable Span at(String text, int start, int end) {
        int nameStart = start;
        while (nameStart > 0 && start - nameStart < NAME && isName(text.charAt(nameStart - 1))) {
            nameStart--;
        }
        int nameEnd = end;
        while (nameEnd < text.length()
                && nameEnd - end < NAME
                && isName(text.charAt(nameEnd))
                && text.charAt(nameEnd) != '.') {
            nameEnd++;
        }
        if (!fits(text, start, end, nameEnd)) {
            return null;
        }
        String name = text.substring(nameStart, nameEnd);
        if (name.equals("PWD") || name.equals("OLDPWD")) {
            return null;
        }
        return value(text, name, nameStart, nameEnd);
    }

    private static boolean isName(char c) {
        return SecretRule.isWord(c) || c == '-' || c == '.';
    }

    private static boolean fits(String text, int start, int end, int nameEnd) {
        if (end == nameEnd) {
            return true;
        }
        char after = text.charAt(end);
        boolean newWord = after == '_'
                || after == '-'
                || Character.isDigit(after)
                || (Character.isUpperCase(after) && Character.isLowerCase(text.charAt(end - 1)));
        boolean plural = nameEnd == end + 1
                && (after == 's' || after == 'S')
                && text.regionMatches(true, start, "credential", 0, 10);
        return plural || (newWord && !isAbout(text, nameEnd));
    }

    private static boolean isAbout(String text, int nameEnd) {
        int end = Character.toLowerCase(text.charAt(nameEnd - 1)) == 's' ? nameEnd - 1 : nameEnd;
        for (String word : ABOUT) {
            if (text.regionMatches(true, nameEnd - word.length(), word, 0, word.length())
                    || text.regionMatches(true, end - word.length(), word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    private static SecretRule.@Nullable Span value(String text, String name, int nameStart, int nameEnd) {
        int at = nameEnd;
        if (at < text.length() && text.charAt(at) == '>' && nameStart > 0 && text.charAt(nameStart - 1) == '<') {
            return judged(text, name, at + 1, SecretValues.Place.QUOTED, quotedUntil('<'));
        }
        boolean flag = name.startsWith("--") || (name.startsWith("-") && !name.contains("="));
        int closed = skip(text, at, "\\\"'`])");
        boolean quotedName = closed > at;
        at = skip(text, closed, " \t");
        if (at - closed > BLANKS || at >= text.length()) {
            return null;
        }
        char operator = text.charAt(at);
        SecretValues.Place place = SecretValues.Place.BARE;
        if (operator == '=' || operator == ':') {
            if (operator == '=' && at == nameEnd && isVariable(name)) {
                place = SecretValues.Place.ENVIRONMENT;
            }
            SecretRule.Span type = operator == ':' && mayBeType(text, at) ? SecretRule.match(TYPE, text, at) : null;
            at = type == null ? skip(text, at, ":=>") : type.end();
        } else if (operator == ',' && quotedName) {
            place = SecretValues.Place.ARGUMENT;
            at++;
        } else if (flag && at > nameEnd && !quotedName) {
            place = SecretValues.Place.FLAG;
        } else {
            SecretRule.Span is = SensitiveNames.isPassword(name) ? SecretRule.match(IS, text, nameEnd) : null;
            if (is == null) {
                return null;
            }
            at = is.end();
        }
        return quotedOrBare(text, name, at, place);
    }

    /** Spares most names a pattern: between a name and its value there is a type only before an equals sign. */
    private static boolean mayBeType(String text, int colon) {
        int equals = colon + 1;
        int limit = Math.min(text.length(), colon + NAME);
        while (equals < limit && text.charAt(equals) != '=' && text.charAt(equals) != ':') {
            equals++;
        }
        return equals < limit && text.charAt(equals) == '=';
    }

    private static SecretRule.@Nullable Span quotedOrBare(
            String text, String name, int from, SecretValues.Place place) {
        int at = skip(text, from, " \t");
        if (at - from > BLANKS || at >= text.length()) {
            return null;
        }
        // The quote may itself be escaped, in source code and JSON within a text.
        int quote = at;
        while (quote < text.length() && quote - at < 4 && text.charAt(quote) == '\\') {
            quote++;
        }
        if (quote < text.length() && "\"'`".indexOf(text.charAt(quote)) >= 0) {
            char terminator = quote > at ? '\\' : text.charAt(quote);
            return judged(text, name, quote + 1, SecretValues.Place.QUOTED, quotedUntil(terminator));
        }
        if (place == SecretValues.Place.ARGUMENT) {
            return null;
        }
        int end = endOfBare(text, at, at + JUDGED);
        boolean call = end < text.length() && (text.charAt(end) == '(' || text.charAt(end) == '[');
        return call ? null : judged(text, name, at, place, Assignments::endOfBare);
    }

    /** Finds where a value ends, looking no further than a limit. */
    private interface End {
        int of(String text, int from, int limit);
    }

    private static SecretRule.@Nullable Span judged(
            String text, String name, int start, SecretValues.Place place, End end) {
        int seen = end.of(text, start, start + JUDGED);
        if (start >= seen || !SecretValues.isSecret(name, text.substring(start, seen), place)) {
            return null;
        }
        return new SecretRule.Span(start, end.of(text, seen, text.length()));
    }

    /** {@code DB_PASSWORD}: capitals throughout, as variables of the environment are written. */
    private static boolean isVariable(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT));
    }

    private static int skip(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && at - from <= BLANKS && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static End quotedUntil(char terminator) {
        return (text, from, limit) -> {
            int at = from;
            int end = Math.min(text.length(), limit);
            while (at < end && text.charAt(at) != '\n' && text.charAt(at) != terminator) {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            return Math.min(at, text.length());
        };
    }

    private static int endOfBare(String text, int from, int limit) {
        int end = Math.min(text.length(), limit);
        int at = from;
        while (at < end) {
            char c = text.charAt(at);
            if (c <= ' ' || (c < 128 && ENDS_BARE[c]) || ((c == '&' || c == ',' || c == ';') && endsAt(text, at))) {
                break;
            }
            at++;
        }
        return at;
    }

    /** Whether this {@code & , ;} ends the value: nothing follows, or the next name of a list of such. */
    private static boolean endsAt(String text, int at) {
        int i = at + 1;
        int limit = Math.min(text.length(), i + NAME);
        while (i < limit && (isName(text.charAt(i)) || text.charAt(i) == ' ')) {
            i++;
        }
        return i == at + 1
                || text.charAt(at + 1) == ' '
                || i == text.length()
                || text.charAt(i) == '='
                || text.charAt(i) == ':';
    }
}
