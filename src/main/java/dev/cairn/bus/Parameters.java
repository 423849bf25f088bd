package dev.cairn.bus;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Named values from outside, all of them text: a URL's query, or a tool's arguments.
 *
 * <p>A value that is missing, empty or blank counts as not given. Whatever cannot be accepted is refused with
 * INVALID_ARGUMENT, the field's name and the remedy. Immutable as far as its source is.
 */
public final class Parameters {
    /** The values of one list, such as {@code type}, are at most this many. */
    public static final int MAX_VALUES = 50;

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    /** A date and a time with a blank between them, and a "+" before the offset that a URL's decoder made a blank. */
    private static final Pattern DATE_TIME = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2})[Tt ](\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?)(?: ?([Zz]|[+ -].*))?");

    private static final Pattern OFFSET = Pattern.compile("[+ -](\\d{2}):?(\\d{2})?");
    private static final long EARLIEST =
            LocalDate.of(1, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    private static final long LATEST =
            LocalDate.of(10_000, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli() - 1;
    private static final int SHOWN = 60;

    private final Function<String, List<String>> source;

    /** @param source all values of a name in their order; an empty list when there is none */
    public Parameters(Function<String, List<String>> source) {
        this.source = source;
    }

    /**
     * One text; null when it is not given.
     *
     * @param maxLength in UTF-16 units
     */
    public @Nullable String text(String field, int maxLength) {
        List<String> given = source.apply(field);
        if (given.size() > 1) {
            throw CairnException.invalid(field, field + " was given " + given.size() + " times; give it once");
        }
        if (given.isEmpty() || given.get(0).isBlank()) {
            return null;
        }
        return checkedLength(field, given.get(0), maxLength);
    }

    /** All values, whether the name was repeated or they stand in one text with commas; without repetitions. */
    public List<String> texts(String field, int maxLength) {
        List<String> texts = new ArrayList<>();
        for (String given : source.apply(field)) {
            for (String part : given.split(",", -1)) {
                String text = part.strip();
                if (!text.isEmpty() && !texts.contains(text)) {
                    texts.add(checkedLength(field, text, maxLength));
                }
                if (texts.size() > MAX_VALUES) {
                    throw CairnException.invalid(field, field + " has more than " + MAX_VALUES + " values; give fewer");
                }
            }
        }
        return texts;
    }

    /** A whole number within bounds, both included; null when it is not given. */
    public @Nullable Integer number(String field, int min, int max) {
        String text = text(field, Integer.MAX_VALUE);
        if (text == null) {
            return null;
        }
        if (NUMBER.matcher(text.strip()).matches()) {
            long number = Long.parseLong(text.strip());
            if (number >= min && number <= max) {
                return (int) number;
            }
        }
        throw CairnException.invalid(
                field, field + " must be a whole number from " + min + " to " + max + ", not '" + shown(text) + "'");
    }

    /** {@code true} or {@code false}; {@code otherwise} when it is not given. */
    public boolean flag(String field, boolean otherwise) {
        String text = text(field, Integer.MAX_VALUE);
        if (text == null) {
            return otherwise;
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw CairnException.invalid(field, field + " must be true or false, not '" + shown(text) + "'");
        };
    }

    /** A time, see {@link #instant(String, String, boolean)}; null when it is not given. */
    public @Nullable Long time(String field, boolean endOfDay) {
        String text = text(field, Integer.MAX_VALUE);
        return text == null ? null : instant(field, text, endOfDay);
    }

    /**
     * Reads a point in time: a date ({@code 2026-11-22}), a date-time ({@code 2026-11-22T09:30:00Z}, with an offset, or
     * without one for UTC), or epoch milliseconds.
     *
     * @param endOfDay whether a bare date means its last millisecond, as the end of a range does; otherwise its first
     * @return epoch milliseconds
     * @throws CairnException INVALID_ARGUMENT naming the field
     */
    public static long instant(String field, String text, boolean endOfDay) {
        String given = text.strip();
        try {
            long millis = NUMBER.matcher(given).matches() ? Long.parseLong(given) : calendar(given, endOfDay);
            if (millis >= EARLIEST && millis <= LATEST) {
                return millis;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new CairnException(ErrorCode.INVALID_ARGUMENT, notATime(field, text), field, e);
        }
        throw CairnException.invalid(field, notATime(field, text));
    }

    private static long calendar(String text, boolean endOfDay) {
        if (DATE.matcher(text).matches()) {
            LocalDate day = LocalDate.parse(text);
            Instant start = (endOfDay ? day.plusDays(1) : day).atStartOfDay().toInstant(ZoneOffset.UTC);
            return start.toEpochMilli() - (endOfDay ? 1 : 0);
        }
        Matcher parts = DATE_TIME.matcher(text);
        if (!parts.matches()) {
            throw new DateTimeException("neither a date nor a date-time");
        }
        String local = parts.group(1) + "T" + parts.group(2).replace(',', '.');
        return LocalDateTime.parse(local).toInstant(offset(parts.group(3))).toEpochMilli();
    }

    private static ZoneOffset offset(@Nullable String text) {
        if (text == null || text.equalsIgnoreCase("z")) {
            return ZoneOffset.UTC;
        }
        Matcher parts = OFFSET.matcher(text);
        if (!parts.matches()) {
            throw new DateTimeException("not an offset");
        }
        int minutes = Integer.parseInt(parts.group(1)) * 60;
        if (parts.group(2) != null) {
            minutes += Integer.parseInt(parts.group(2));
        }
        return ZoneOffset.ofTotalSeconds((text.charAt(0) == '-' ? -minutes : minutes) * 60);
    }

    private static String notATime(String field, String text) {
        return field + " must be a date such as 2026-11-22, a date-time such as 2026-11-22T09:30:00Z, or epoch"
                + " milliseconds, not '" + shown(text) + "'";
    }

    private static String checkedLength(String field, String text, int maxLength) {
        if (text.length() > maxLength) {
            throw CairnException.invalid(field, field + " has more than " + maxLength + " characters; shorten it");
        }
        return text;
    }

    /** A value as an error message may repeat it: on one line and short. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), SHOWN);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() > SHOWN ? shown.append("...").toString() : shown.toString();
    }
}
