package dev.cairn.privacy;

import java.util.List;
import java.util.Locale;

/** Which names of settings, variables and JSON members stand for a secret. */
final class SensitiveNames {
    private static final List<String> PASSWORDS =
            List.of("password", "passwd", "passphrase", "passcode", "pwd", "secret", "credential", "credentials");
    private static final List<String> KEYS = List.of(
            "token",
            "apikey",
            "accesskey",
            "privatekey",
            "secretkey",
            "authkey",
            "authtoken",
            "encryptionkey",
            "signingkey",
            "masterkey",
            "accountkey",
            "sshkey",
            "authorization",
            "connectionstring",
            "setcookie",
            "cookie");
    /** Tokens that are positions in a list or words of a language, not secrets. */
    private static final List<String> HARMLESS = List.of(
            "pagetoken",
            "continuationtoken",
            "nexttoken",
            "cursortoken",
            "synctoken",
            "canceltoken",
            "cancellationtoken",
            "designtoken",
            "stoptoken",
            "eostoken",
            "bostoken",
            "padtoken",
            "unktoken",
            "specialtoken",
            "tokentoken");

    private SensitiveNames() {}

    /** Whether a value under this name is a secret. */
    static boolean isSecret(String name) {
        return name.length() >= 3
                && name.length() <= 80
                && mayBe(name)
                && (endsSensitive(squeeze(name)) || endsWithPass(name));
    }

    /** Whether a value under this name is a password, so that even digits or a plain word are one. */
    static boolean isPassword(String name) {
        return endsWithAny(squeeze(name), PASSWORDS) || endsWithPass(name);
    }

    private static boolean endsSensitive(String squeezed) {
        return endsWithAny(squeezed, PASSWORDS) || (endsWithAny(squeezed, KEYS) && !endsWithAny(squeezed, HARMLESS));
    }

    /** {@code DB_PASS}, {@code smtpPass}, {@code pass}; not {@code bypass}. */
    private static boolean endsWithPass(String name) {
        int start = name.length() - 4;
        if (start < 0 || !name.regionMatches(true, start, "pass", 0, 4)) {
            return false;
        }
        return start == 0
                || !Character.isLetter(name.charAt(start - 1))
                || (name.charAt(start) == 'P' && Character.isLowerCase(name.charAt(start - 1)));
    }

    /** Spares most names the closer look: all the words above end with one of these letters. */
    private static boolean mayBe(String name) {
        return "dDeEtTlLsSnNyYgG".indexOf(name.charAt(name.length() - 1)) >= 0;
    }

    private static boolean endsWithAny(String text, List<String> ends) {
        for (String end : ends) {
            if (text.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    /** {@code X-Api-Key}, {@code api_key} and {@code apiKey} are one name. */
    private static String squeeze(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && c != '-' && c != '.' && c != ' ') {
                letters.append(c);
            }
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }
}
