package dev.cairn.session;

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
    private static final int NAME = 64;

    private static final int BLANKS = 12;
    private static final int QUOTED_VALUE = 4096;
    private static final int BARE_VALUE = 512;

    /** {@code tokenizer}, {@code secrets}, {@code password_file}: names that only begin like one. */
    private static final Pattern OTHER_ENDING = Pattern.compile(
            "(?i).*(?:type|count|limit|file|path|dir|name|names|url|uri|id|ids|len|length|size|expiry|expires|expiration|ttl"
                    + "|field|label|hint|policy|version|prefix|format|reset|required|strength|arn|ref|budget|usage|class)s?");

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
        return plural
                || (newWord
                        && !OTHER_ENDING.matcher(text.substring(end, nameEnd)).matches());
    }

    private static SecretRule.@Nullable Span value(String text, String name, int nameStart, int nameEnd) {
        int at = nameEnd;
        if (at < text.length() && text.charAt(at) == '>' && nameStart > 0 && text.charAt(nameStart - 1) == '<') {
            return unless(text, name, at + 1, endOf(text, at + 1, "<"), SecretValues.Place.QUOTED);
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
            SecretRule.Span type = operator == ':' ? SecretRule.match(TYPE, text, at) : null;
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
            int end = endOf(text, quote + 1, text.substring(quote, quote + 1));
            if (quote > at && end > quote + 1 && text.charAt(end - 1) == '\\') {
                end = endOf(text, quote + 1, "\\");
            }
            return unless(text, name, quote + 1, end, SecretValues.Place.QUOTED);
        }
        if (place == SecretValues.Place.ARGUMENT) {
            return null;
        }
        int end = endOfBare(text, at);
        boolean call = end < text.length() && (text.charAt(end) == '(' || text.charAt(end) == '[');
        return call ? null : unless(text, name, at, end, place);
    }

    private static SecretRule.@Nullable Span unless(
            String text, String name, int start, int end, SecretValues.Place place) {
        return start < end && SecretValues.isSecret(name, text.substring(start, end), place)
                ? new SecretRule.Span(start, end)
                : null;
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

    private static int endOf(String text, int from, String terminator) {
        int limit = Math.min(text.length(), from + QUOTED_VALUE);
        int at = from;
        while (at < limit && text.charAt(at) != '\n' && text.charAt(at) != terminator.charAt(0)) {
            at++;
        }
        return at;
    }

    private static int endOfBare(String text, int from) {
        int limit = Math.min(text.length(), from + BARE_VALUE);
        int at = from;
        while (at < limit) {
            char c = text.charAt(at);
            if (c <= ' ' || "\"'`()[]{}<>|\\".indexOf(c) >= 0 || (";,&".indexOf(c) >= 0 && endsAt(text, at))) {
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
