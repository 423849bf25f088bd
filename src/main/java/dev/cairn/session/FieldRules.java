package dev.cairn.session;

import dev.cairn.model.CairnException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What single fields must be like, whoever tells them: a host, a person or a file. Lengths in UTF-16 units. Each rule throws a
 * {@link CairnException} INVALID_ARGUMENT that names the field as it was given here.
 */
final class FieldRules {
    /** The longest id that a host gives. */
    static final int ID = 200;
    /** The longest name of a tool. */
    static final int TOOL_NAME = 256;
    /** The end of the year 9999, in epoch milliseconds. */
    static final long LAST_TIME = 253_402_300_799_999L;

    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9_-]{1,32}");

    private FieldRules() {}

    static void platform(String platform, String field) {
        if (!PLATFORM.matcher(platform).matches()) {
            throw CairnException.invalid(field, field + " must be 1 to 32 lower-case letters, digits and hyphens");
        }
    }

    /** The type of an observation. */
    static void type(String type, String field) {
        if (!TYPE.matcher(type).matches()) {
            throw CairnException.invalid(field, field + " must be 1 to 32 lower-case letters, digits, '-' and '_'");
        }
    }

    static void durationMs(@Nullable Long durationMs, String field) {
        if (durationMs != null && durationMs < 0) {
            throw CairnException.invalid(field, field + " is below 0; leave it out if it is not known");
        }
    }

    /** Epoch milliseconds, not before 1970 and not after the year 9999. */
    static boolean isTime(long at) {
        return at >= 0 && at <= LAST_TIME;
    }

    static void length(String value, int least, int most, String field) {
        if (value.length() < least || value.length() > most) {
            throw CairnException.invalid(
                    field, field + " must have " + least + " to " + most + " characters, not " + value.length());
        }
    }

    static void atMost(@Nullable String value, int most, String field) {
        if (value != null) {
            length(value, 0, most, field);
        }
    }

    static void printable(String value, String field) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw CairnException.invalid(field, field + " holds a control character at " + i);
            }
        }
    }

    static void count(List<?> items, int most, String field) {
        if (items.size() > most) {
            throw CairnException.invalid(field, field + " must hold at most " + most + ", not " + items.size());
        }
    }

    /**
     * @param most how many there may be
     * @param longest how long each may be
     */
    static void all(List<String> values, int most, int longest, String field) {
        count(values, most, field);
        for (int i = 0; i < values.size(); i++) {
            length(values.get(i), 0, longest, field + "[" + i + "]");
        }
    }
}
