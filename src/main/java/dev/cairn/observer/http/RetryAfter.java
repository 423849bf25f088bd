package dev.cairn.observer.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** When a server wants to be asked again, from all the places where it may say so. */
final class RetryAfter {
    /** What is told beyond this is not believed: a clock is wrong somewhere. */
    private static final long LONGEST_MS = Duration.ofDays(2).toMillis();

    /** As {@code 1h2m3.5s} or {@code 120ms}. */
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

    private static final Map<String, Long> UNITS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    /** A number above this is a moment in milliseconds since 1970, one above the other in seconds. */
    private static final BigDecimal MILLIS_MOMENT = BigDecimal.valueOf(100_000_000_000L);

    private static final BigDecimal SECONDS_MOMENT = BigDecimal.valueOf(1_000_000_000L);

    private RetryAfter() {}

    /** In milliseconds from now, 0 to two days; null when nothing is said. */
    static @Nullable Long millis(Refusal refusal, Instant now) {
        MultiMap headers = refusal.reply().headers();
        Long told = times(headers.get("retry-after-ms"), 1);
        told = told != null ? told : seconds(headers.get("retry-after"), headers.get("date"), now);
        told = told != null ? told : inBody(refusal.reply().json(), now);
        told = told != null ? told : resets(headers, now);
        return told == null ? null : Math.max(0, Math.min(told, LONGEST_MS));
    }

    /** Google's RetryInfo, and the headers of an upstream that OpenRouter hands on. */
    private static @Nullable Long inBody(JsonNode body, Instant now) {
        JsonNode error = (body.isArray() ? body.path(0) : body).path("error");
        for (JsonNode detail : error.path("details")) {
            if (detail.path("@type").asText().endsWith("RetryInfo")) {
                return duration(detail.path("retryDelay").asText());
            }
        }
        JsonNode headers = error.at("/metadata/headers");
        Long told = seconds(text(headers.path("Retry-After")), null, now);
        return told != null ? told : reset(text(headers.path("X-RateLimit-Reset")), now);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    /** The limits that are used up; when none is said to be, the one that is restored last. */
    private static @Nullable Long resets(MultiMap headers, Instant now) {
        Long usedUp = null;
        Long last = reset(headers.get("x-ratelimit-reset"), now);
        for (String limit : List.of(
                "x-ratelimit-%s-requests",
                "x-ratelimit-%s-tokens",
                "anthropic-ratelimit-requests-%s",
                "anthropic-ratelimit-tokens-%s",
                "anthropic-ratelimit-input-tokens-%s",
                "anthropic-ratelimit-output-tokens-%s")) {
            Long reset = reset(headers.get(limit.formatted("reset")), now);
            if (reset == null) {
                continue;
            }
            last = last == null ? reset : Math.max(last, reset);
            if ("0".equals(headers.get(limit.formatted("remaining")))) {
                usedUp = usedUp == null ? reset : Math.max(usedUp, reset);
            }
        }
        return usedUp == null ? last : usedUp;
    }

    private static @Nullable Long seconds(@Nullable String value, @Nullable String date, Instant now) {
        Long seconds = times(value, 1_000);
        if (seconds != null || value == null) {
            return seconds;
        }
        Instant until = httpDate(value);
        // The server's own clock, where it tells its time: ours may be wrong.
        Instant since = date == null ? now : httpDate(date);
        return until == null
                ? null
                : Duration.between(since == null ? now : since, until).toMillis();
    }

    private static @Nullable Instant httpDate(String value) {
        try {
            return ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** A duration, a number of seconds, or a moment in any of the usual forms. */
    private static @Nullable Long reset(@Nullable String value, Instant now) {
        if (value == null) {
            return null;
        }
        BigDecimal number = number(value);
        if (number != null && number.compareTo(MILLIS_MOMENT) > 0) {
            return number.longValue() - now.toEpochMilli();
        }
        if (number != null) {
            long millis = number.movePointRight(3).longValue();
            return number.compareTo(SECONDS_MOMENT) > 0 ? millis - now.toEpochMilli() : millis;
        }
        try {
            return Duration.between(now, OffsetDateTime.parse(value.strip()).toInstant())
                    .toMillis();
        } catch (DateTimeException e) {
            return duration(value);
        }
    }

    private static @Nullable Long times(@Nullable String value, int unit) {
        BigDecimal number = value == null ? null : number(value);
        return number == null ? null : number.multiply(BigDecimal.valueOf(unit)).longValue();
    }

    private static @Nullable BigDecimal number(String value) {
        String text = value.strip();
        return text.matches("\\d{1,16}(\\.\\d{1,9})?") ? new BigDecimal(text) : null;
    }

    private static @Nullable Long duration(String value) {
        Matcher parts = PART.matcher(value.strip().toLowerCase(Locale.ROOT));
        long millis = 0;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            long unit = UNITS.getOrDefault(parts.group(2), 0L);
            millis += new BigDecimal(parts.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValue();
            end = parts.end();
        }
        return end == 0 || end != value.strip().length() ? null : millis;
    }
}
