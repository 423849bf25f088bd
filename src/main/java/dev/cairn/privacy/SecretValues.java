package dev.cairn.privacy;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges whether what is given to a sensitive name is a secret or but code, a reference, a placeholder or a word. */
final class SecretValues {

    /** How the value stands there. */
    enum Place {
        /** Between quotes, or in an XML element. */
        QUOTED,
        /** The second argument of a call. */
        ARGUMENT,
        /** {@code NAME=value}. */
        ENVIRONMENT,
        /** After an option of a command. */
        FLAG,
        BARE
    }

    private static final Pattern MASKED = Pattern.compile("[*xX.\\u2022_-]+");
    /** A variable, a template, a lookup in code: the secret itself stands elsewhere. */
    private static final Pattern REFERENCE = Pattern.compile(
            "(?:[$<{%(&@\\[]|#\\{|\\.\\.\\.|\u2026|process\\.env|os\\.|env[.:]|System\\.|secrets?[./:]|vault[:.]|file:|https?://"
                    + "|self\\.|this\\.|req(?:uest)?\\.|ctx\\.|config\\.|settings\\.|args\\.|opts?\\.|options\\.|props\\.|params\\.).*",
            Pattern.DOTALL);

    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{?[A-Za-z_][A-Za-z0-9_]{0,80}}?|\\$?\\{\\{[^}]{0,80}}}");
    private static final Pattern ALGORITHM = Pattern.compile(
            "(?i)(?:base|sha|md|argon|pbkdf|utf|oauth|rs|hs|es|ps|aes|rsa|ed|http|x|scrypt|bcrypt)-?[0-9]{1,5}.{0,8}");
    private static final Pattern VERSION =
            Pattern.compile("[\\^~<>=v]{0,2}[0-9]{1,4}\\.[0-9]{1,4}[0-9A-Za-z.+-]{0,24}");
    private static final Pattern DOTTED =
            Pattern.compile("[A-Za-z_$][\\w$]*(?:(?:\\.|->|::|\\?\\.)[A-Za-z_$][\\w$]*)+;?");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$]+[0-9]{0,2};?");
    private static final Pattern PATH = Pattern.compile("[.~]{0,2}/[\\w.@ -]+(?:/[\\w.@ -]*)+");
    private static final Set<String> WORDS = Set.of(
            "true",
            "false",
            "null",
            "none",
            "nil",
            "undefined",
            "required",
            "optional",
            "string",
            "text",
            "hidden",
            "invalid",
            "missing",
            "number",
            "boolean",
            "object",
            "array",
            "empty",
            "default",
            "example",
            "unknown",
            "redacted",
            "removed",
            "disabled",
            "enabled",
            "include",
            "omit",
            "same-origin",
            "bearer",
            "basic",
            "identifier",
            "value",
            "forbidden",
            "unauthorized",
            "generated",
            "username",
            "nonempty",
            "readonly",
            "plaintext",
            "encrypted");

    private SecretValues() {}

    /** Whether the value of a member that is named like a secret is more than a word, a reference or a marker. */
    static boolean saysSomething(String value) {
        return !value.isBlank()
                && !value.startsWith("[secret:")
                && !value.startsWith(Markers.PRIVATE)
                && !MASKED.matcher(value).matches()
                && !WORDS.contains(value.toLowerCase(Locale.ROOT))
                && !VARIABLE.matcher(value).matches();
    }

    static boolean isSecret(String name, String value, Place place) {
        return value.length() >= 4 && isStrong(name, value, place) && !isHarmless(value);
    }

    private static boolean isStrong(String name, String value, Place place) {
        Letters letters = Letters.of(value);
        boolean password =
                SensitiveNames.isPassword(name) || name.toLowerCase(Locale.ROOT).contains("pass");
        return switch (place) {
            case ENVIRONMENT -> environment(value, letters, password);
            case QUOTED -> quoted(value, letters, password);
            case ARGUMENT -> letters.blanks == 0 && letters.mixed() && value.length() >= 8 && !isCode(value);
            case FLAG, BARE -> bare(value, letters, password);
        };
    }

    private static boolean isHarmless(String value) {
        return value.startsWith("[secret:")
                || value.startsWith(Markers.PRIVATE)
                || MASKED.matcher(value).matches()
                || WORDS.contains(value.toLowerCase(Locale.ROOT))
                || REFERENCE.matcher(value).matches()
                || VERSION.matcher(value).matches()
                || PATH.matcher(value).matches();
    }

    private static boolean environment(String value, Letters letters, boolean password) {
        if (letters.mixed()) {
            return value.length() >= 6;
        }
        return password
                ? !DOTTED.matcher(value).matches()
                : value.length() >= 16 && letters.upper > 0 && letters.lower > 0;
    }

    private static boolean quoted(String value, Letters letters, boolean password) {
        if (letters.blanks > 0 || ALGORITHM.matcher(value).matches()) {
            return false;
        }
        if (letters.mixed()) {
            return value.length() >= 6 && (password || value.length() >= 10);
        }
        if (!password) {
            return value.length() >= 24
                    && letters.upper > 2
                    && letters.lower > 2
                    && !DOTTED.matcher(value).matches();
        }
        if (letters.letters() == 0) {
            return letters.digits >= 4;
        }
        return (value.length() >= 6 && letters.special > 0)
                || (value.length() >= 8 && letters.letters() == value.length() && !namesItself(value));
    }

    private static boolean bare(String value, Letters letters, boolean password) {
        if (isCode(value) || ALGORITHM.matcher(value).matches()) {
            return false;
        }
        if (letters.mixed()) {
            return password
                    ? value.length() >= 6
                    : value.length() >= 10 && !IDENTIFIER.matcher(value).matches();
        }
        return password && value.length() >= 6 && letters.special > 0 && letters.letters() > 3 && !namesItself(value);
    }

    private static boolean isCode(String value) {
        return DOTTED.matcher(value).matches() || (IDENTIFIER.matcher(value).matches() && namesItself(value));
    }

    /** {@code newPassword}, {@code "Enter token"}: what it is called, not what it is. */
    private static boolean namesItself(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return lower.contains("pass")
                || lower.contains("token")
                || lower.contains("secret")
                || lower.contains("key")
                || lower.contains("credential");
    }

    private record Letters(int lower, int upper, int digits, int special, int blanks) {
        static Letters of(String value) {
            int lower = 0;
            int upper = 0;
            int digits = 0;
            int special = 0;
            int blanks = 0;
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (Character.isLowerCase(c)) {
                    lower++;
                } else if (Character.isUpperCase(c)) {
                    upper++;
                } else if (Character.isDigit(c)) {
                    digits++;
                } else if (Character.isWhitespace(c)) {
                    blanks++;
                } else if ("-_./:,;".indexOf(c) < 0) {
                    special++;
                }
            }
            return new Letters(lower, upper, digits, special, blanks);
        }

        int letters() {
            return lower + upper;
        }

        boolean mixed() {
            return letters() > 0 && digits > 0;
        }
    }
}
