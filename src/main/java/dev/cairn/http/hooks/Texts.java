package dev.cairn.http.hooks;

import dev.cairn.bus.Parameters;
import dev.cairn.model.CairnException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the short texts of a hook event may be. */
final class Texts {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.:-]{0,63}");
    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");
    private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:[\\\\/].*|\\\\\\\\.*", Pattern.DOTALL);

    private Texts() {}

    /** An event's name. */
    static String name(String field, String text) {
        if (!NAME.matcher(text).matches()) {
            throw CairnException.invalid(
                    field,
                    field + " must be an event's name of 1 to 64 letters and digits, not '" + Parameters.shown(text)
                            + "'");
        }
        return text;
    }

    /** A host's name. */
    static String platform(String text) {
        if (!PLATFORM.matcher(text).matches()) {
            throw CairnException.invalid(
                    "platform",
                    "platform must be 1 to 32 lower-case letters, digits, '-', '_' and '.', not '"
                            + Parameters.shown(text) + "'");
        }
        return text;
    }

    /** An id or a tool's name: short and without control characters. */
    static String id(String field, String text, int max) {
        if (text.isBlank() || text.length() > max || text.chars().anyMatch(Character::isISOControl)) {
            throw CairnException.invalid(
                    field, field + " must be 1 to " + max + " characters without control characters");
        }
        return text;
    }

    /** A directory: absolute, of this system or another; null when it is not given. */
    static @Nullable String directory(@Nullable String text, int max) {
        return directory(text, max, "cwd");
    }

    /** The same, with another name in messages. */
    static @Nullable String directory(@Nullable String text, int max, String field) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.length() > max
                || text.indexOf('\0') >= 0
                || !ABSOLUTE.matcher(text).matches()) {
            throw CairnException.invalid(
                    field,
                    field + " must be an absolute path of at most " + max + " characters, not '"
                            + Parameters.shown(text) + "'");
        }
        return text;
    }
}
