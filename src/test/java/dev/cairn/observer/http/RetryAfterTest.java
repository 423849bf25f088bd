package dev.cairn.observer.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All the ways to say when to come again; the recorded answers of {@link FaultsTest} have those of each service. */
class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static @Nullable Long millis(String body, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return RetryAfter.millis(Refusal.of(new Reply(429, all, Buffer.buffer(body))), NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Retry-After | 0 | 0",
                "Retry-After | 30 | 30000",
                "Retry-After | 1.25 | 1250",
                "Retry-After | 99999999 | 172800000",
                "Retry-After | Thu, 01 Jan 2026 00:10:00 GMT | 600000",
                "Retry-After | Wed, 31 Dec 2025 23:00:00 GMT | 0",
                "Retry-After | soon | -",
                "Retry-After | -5 | -",
                "Retry-After | 1e99 | -",
                "retry-after-ms | 250 | 250",
                "x-ratelimit-reset-requests | 1s | 1000",
                "x-ratelimit-reset-requests | 1h1m1.5s | 3661500",
                "x-ratelimit-reset-tokens | 120ms | 120",
                "x-ratelimit-reset-tokens | 7 | 7000",
                "x-ratelimit-reset-tokens | 5 parsecs | -",
                "x-ratelimit-reset | 1767225660 | 60000",
                "x-ratelimit-reset | 1767225660000 | 60000",
                "anthropic-ratelimit-tokens-reset | 2026-01-01T00:00:09Z | 9000",
                "anthropic-ratelimit-tokens-reset | 2026-01-01T01:00:09+01:00 | 9000"
            })
    void itIsReadFromAHeader(String header, String value, @Nullable Long millis) {
        assertThat(millis("", header, value)).isEqualTo(millis);
    }

    @Test
    void aDateIsMeasuredByTheServersOwnClock() {
        assertThat(millis("", "Retry-After", "Mon, 05 Jan 2026 10:00:20 GMT", "Date", "Mon, 05 Jan 2026 10:00:00 GMT"))
                .isEqualTo(20_000);
    }

    @Test
    void theLimitThatIsUsedUpCountsAndNotOneThatIsNot() {
        assertThat(millis(
                        "",
                        "x-ratelimit-remaining-requests",
                        "59",
                        "x-ratelimit-reset-requests",
                        "1h",
                        "x-ratelimit-remaining-tokens",
                        "0",
                        "x-ratelimit-reset-tokens",
                        "4s"))
                .isEqualTo(4_000);
    }

    @Test
    void whenNothingIsSaidNothingIsKnown() {
        assertThat(millis("{\"error\":{\"details\":\"none\"}}", "Date", "Mon, 05 Jan 2026 10:00:00 GMT"))
                .isNull();
    }
}
