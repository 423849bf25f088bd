package dev.cairn.privacy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cairn.config.ConfigException;
import dev.cairn.config.PrivacyConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of texts what must not be kept: {@code <private>} spans always, secrets unless {@code privacy.secrets} is off,
 * and what the owner's own patterns ({@code privacy.patterns}) match. Time is linear in the text, whatever it holds.
 * Applying it again changes nothing. Thread-safe.
 */
public final class PrivacyFilter {
    private static final String KEY = Markers.secret("private-key");
    private static final String MEMBER = Markers.secret("password");

    private static final int ROUNDS = 16;

    private final boolean secrets;
    private final SecretScanner scanner;

    /** @throws ConfigException for a pattern that is none; the message names the key */
    public PrivacyFilter(PrivacyConfig config) {
        secrets = config.secrets();
        scanner = new SecretScanner(
                secrets ? SecretRules.ALL : List.of(),
                config.patterns().stream().map(PrivacyFilter::compile).toList());
    }

    private static Pattern compile(String regex) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigException("privacy.patterns: '" + regex + "' is not a regular expression (RE2): "
                    + e.getDescription() + "; mend it or take it out");
        }
        if (pattern.matcher("").find()) {
            throw new ConfigException(
                    "privacy.patterns: '" + regex + "' matches the empty text; make it match at least one character");
        }
        return pattern;
    }

    /** The text without private spans and secrets; the text itself when it holds none. */
    public String filter(String text) {
        return hideSecrets(PrivateSpans.hide(text));
    }

    /** The text without secrets; private spans are left. */
    String hideSecrets(String text) {
        return hideRest(text, scanner.find(text));
    }

    /** What comes of a part of the text; a secret that lies across an end of it is hidden whole. */
    String hideSecrets(String text, int from, int to) {
        String part = Markers.replace(text, scanner.find(text), from, to);
        return hideRest(part, scanner.find(part));
    }

    /** One secret may hide the begin of the next, when nothing stands between them. */
    private String hideRest(String text, List<Markers.Marked> found) {
        String hidden = text;
        List<Markers.Marked> next = found;
        for (int round = 0; !next.isEmpty() && round < ROUNDS; round++) {
            hidden = Markers.replace(hidden, next);
            next = scanner.find(hidden);
        }
        return hidden;
    }

    /** The whole value, hidden, when the name of its JSON member says that it is a secret; null when it does not. */
    @Nullable
    String hideMember(@Nullable String name, String value) {
        return secrets && name != null && SensitiveNames.isSecret(name) && SecretValues.saysSomething(value)
                ? MEMBER
                : null;
    }

    /** The same for a number: only a password may be one. */
    @Nullable
    String hideNumber(@Nullable String name) {
        return secrets && name != null && SensitiveNames.isSecret(name) && SensitiveNames.isPassword(name)
                ? MEMBER
                : null;
    }

    /** Whether a member of this name holds a secret: said by the value of another one, as in name-and-value pairs. */
    boolean namesSecret(String name) {
        return secrets && SensitiveNames.isSecret(name);
    }

    String hidden() {
        return MEMBER;
    }

    /** What stands for a line of a private key; null when secrets are left. */
    @Nullable
    String hiddenKey() {
        return secrets ? KEY : null;
    }
}
