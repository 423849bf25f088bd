package dev.cairn.observer.http;

import static dev.cairn.observer.spi.Fault.AUTH;
import static dev.cairn.observer.spi.Fault.OVERLOAD;
import static dev.cairn.observer.spi.Fault.PROTOCOL;
import static dev.cairn.observer.spi.Fault.QUOTA;
import static dev.cairn.observer.spi.Fault.RATE_LIMIT;
import static dev.cairn.observer.spi.Fault.REJECTED;
import static dev.cairn.observer.spi.Fault.SETUP;
import static dev.cairn.observer.spi.Fault.TOO_LONG;
import static dev.cairn.observer.spi.Fault.TRANSPORT;

import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal means: one table for all APIs. The first row that fits counts, so what is told in words comes before what a
 * status says alone.
 */
final class Faults {
    /**
     * A row.
     *
     * @param provider the API it is for; {@code *} for any
     * @param from the first status it is for
     * @param to the last
     * @param codes what the fixed words must hold; null for anything
     * @param words what the message must hold, in any case; null for anything
     * @param remedy what to do about it; {@code {key}}, {@code {url}}, {@code {model}} and {@code {variable}} stand for the
     *     names of settings. Empty when the worker does what there is to do
     */
    record Row(
            String name,
            String provider,
            int from,
            int to,
            @Nullable Pattern codes,
            @Nullable Pattern words,
            Fault fault,
            String remedy) {
        boolean fits(String asked, Refusal refusal) {
            return (provider.equals("*") || provider.equals(asked))
                    && refusal.status() >= from
                    && refusal.status() <= to
                    && (codes == null || codes.matcher(refusal.codes()).find())
                    && (words == null || words.matcher(refusal.words()).find());
        }
    }

    private static final String PAY = "see the plan and the billing of the account that the key is of";
    private static final String MODEL = "see {model} and {url}";
    private static final String ALLOW = "see {key}, or {variable} in the worker's environment";

    private static final String PAGE = "a page for people";

    static final List<Row> TABLE = List.of(
            row("too long, by code", "*", 200, 599)
                    .codes("context_length_exceeded|exceed_context_size|context_exceeded|request_too_large"
                            + "|string_above_max_length|prompt_too_long")
                    .means(TOO_LONG, ""),
            row("too long, by status", "*", 413, 413).means(TOO_LONG, ""),
            row("too long for the rate", "*", 429, 429)
                    .words("request too large")
                    .means(TOO_LONG, ""),
            row("too long, in words", "*", 200, 428)
                    .words("prompt is too long|prompt too long|too many tokens|context (length|window|size|limit)"
                            + "|maximum context|max_model_len|maximum model length|(input|prompt) token count"
                            + "|input is too long|request too large|reduce the length|fewer input tokens")
                    .means(TOO_LONG, ""),
            row("too long, in words of a broken server", "*", 500, 500)
                    .words("context (length|window|size)|prompt is too long|input is too (long|large)")
                    .means(TOO_LONG, ""),
            row("used up, by code", "*", 200, 599)
                    .codes("insufficient_quota|insufficient_balance|billing|credits_required|quota_exceeded|perday")
                    .means(QUOTA, PAY),
            row("used up, by status", "*", 402, 402).means(QUOTA, PAY),
            row("used up, in words", "*", 200, 499)
                    .words("credit balance|insufficient (balance|credits|funds|quota)|usage limits?\\b|more credits"
                            + "|key limit exceeded|spend(ing)? limit")
                    .means(QUOTA, PAY),
            row("used up for the day", "*", 200, 499)
                    .words("per[ -]day|\\b[rt]pd\\b|daily (limit|quota)")
                    .means(QUOTA, "it is asked again when the day is over; " + PAY),
            row("used up, OpenAI's words", "openai", 429, 429)
                    .words("exceeded your current quota")
                    .means(QUOTA, PAY),
            row("key refused, by code", "*", 200, 499)
                    .codes("authentication_error|invalid_api_key|api_key_invalid|api_key_expired|unauthenticated")
                    .means(AUTH, ALLOW),
            row("key refused, by status", "*", 401, 401).means(AUTH, ALLOW),
            row("key refused, in words", "*", 400, 403)
                    .words(
                            "api key (not valid|expired|not found|was reported)|(invalid|incorrect|missing|no) (api|x-api)[- ]key")
                    .means(AUTH, ALLOW),
            row("country not served", "*", 400, 451)
                    .words("(location|country|region|territory)[a-z, ]* (is )?not supported|unsupported_country")
                    .means(SETUP, "the service is not offered here; choose another with observer.provider"),
            row("content refused by a filter", "*", 403, 403)
                    .words("flagged|moderation|content policy")
                    .means(REJECTED, ""),
            row("page instead of leave", "*", 403, 403)
                    .words("^" + PAGE)
                    .means(SETUP, "something on the way refuses; see {url} and observer.proxy"),
            row("not allowed", "*", 403, 403).means(AUTH, ALLOW + "; its account must be allowed to use the model"),
            row("no such model, by code", "*", 200, 499)
                    .codes("model_not_found|invalid_model|model_not_exist|not_found_error")
                    .means(SETUP, MODEL),
            row("no such model, in words", "*", 400, 499)
                    .words(
                            "not a valid model|models?[/ ].{0,200}(not found|does not exist|not exist|not supported)|unknown model"
                                    + "|no models? (is |are )?loaded|invalid model|model is required")
                    .means(SETUP, MODEL),
            row("no such place", "*", 404, 405).means(SETUP, MODEL),
            row("proxy's key", "*", 407, 407).means(SETUP, "the proxy wants user and password; see observer.proxy"),
            row("gone", "*", 410, 410).means(SETUP, MODEL),
            row("too late", "*", 408, 408).means(TRANSPORT, ""),
            row("conflict", "*", 409, 409).means(OVERLOAD, ""),
            row("too early", "*", 425, 425).means(OVERLOAD, ""),
            row("overloaded, by code", "*", 200, 599)
                    .codes("overloaded|server_is_overloaded|unavailable|engine_overloaded")
                    .means(OVERLOAD, ""),
            row("too many requests", "*", 429, 429).means(RATE_LIMIT, ""),
            row("too many requests, by code", "*", 200, 499)
                    .codes("rate_limit|resource_exhausted")
                    .means(RATE_LIMIT, ""),
            row("too large for the machine", "*", 500, 500)
                    .words("requires more system memory|out of memory|failed to load model|error loading model")
                    .means(SETUP, "the machine of the server cannot run this model; " + MODEL),
            row("not made for that", "*", 501, 501).means(SETUP, MODEL),
            row("upstream too slow", "*", 504, 504).means(TRANSPORT, ""),
            row("upstream not reached", "*", 520, 526).means(TRANSPORT, ""),
            row("broken", "*", 500, 599).means(OVERLOAD, ""),
            row("elsewhere", "*", 300, 399).means(SETUP, "redirects are not followed; set {url} to the place itself"),
            row("rejected", "*", 400, 499).means(REJECTED, ""),
            row("not its protocol", "*", 0, 999).means(PROTOCOL, "is {url} the address of its API?"));

    /** Faults that pass with time: for these it counts when the server wants to be asked again. */
    private static final Set<Fault> PASSING = EnumSet.of(QUOTA, RATE_LIMIT, OVERLOAD, TRANSPORT);

    private Faults() {}

    static Row of(String provider, Refusal refusal) {
        Refusal told = refusal.page() ? new Refusal(refusal.status(), "", PAGE, true, refusal.reply()) : refusal;
        return TABLE.stream()
                .filter(row -> row.fits(provider, told))
                .findFirst()
                .orElseThrow();
    }

    static ModelException of(Service service, Refusal refusal, Instant now) {
        Row row = of(service.provider(), refusal);
        String words = refusal.page() ? PAGE : service.cited(refusal.words());
        String remedy = row.remedy()
                .replace("{key}", service.setting("apiKey"))
                .replace("{url}", service.setting("url"))
                .replace("{model}", service.setting("model"))
                .replace("{variable}", service.variable());
        String message = service + " answered " + refusal.status() + (words.isEmpty() ? "" : ": " + words)
                + (remedy.isEmpty() ? "" : "; " + remedy);
        return new ModelException(
                row.fault(), message, PASSING.contains(row.fault()) ? RetryAfter.millis(refusal, now) : null, null);
    }

    private static Draft row(String name, String provider, int from, int to) {
        return new Draft(name, provider, from, to, null, null);
    }

    private record Draft(
            String name,
            String provider,
            int from,
            int to,
            @Nullable Pattern codes,
            @Nullable Pattern words) {
        Draft codes(String pattern) {
            return new Draft(name, provider, from, to, Pattern.compile(pattern), words);
        }

        Draft words(String pattern) {
            return new Draft(name, provider, from, to, codes, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
        }

        Row means(Fault fault, String remedy) {
            return new Row(name, provider, from, to, codes, words, fault, remedy);
        }
    }
}
