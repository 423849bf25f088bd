package dev.cairn.observer.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the program's results mean that are errors: one table, of which the first line that fits counts. */
final class ClaudeFaults {
    private static final int LONGEST = 300;
    private static final int REQUEST_TOO_LARGE = 413;
    private static final Pattern TOO_LONG =
            Pattern.compile("(?i)prompt is too long|context window limit|request too large|input is too long");
    private static final Pattern CUT = Pattern.compile("(?i)exceeded the \\d+ output token maximum");
    private static final Pattern USED_UP = Pattern.compile(
            "(?i)credit balance|usage limit|(hit|reached) your [a-z0-9 -]*limit|limit reached|out of (extra )?usage|quota");
    private static final Pattern LOGIN =
            Pattern.compile("(?i)/login|not logged in|invalid api key|oauth token|failed to authenticate");
    private static final Pattern CONNECTION = Pattern.compile(
            "(?i)connection (refused|error|closed|reset)|unable to connect|timed? ?out|ECONN|ENOTFOUND|EAI_AGAIN|certificate"
                    + "|socket|network|terminated");
    /** The end of a subscription's limit, as older versions tell it. */
    private static final Pattern RESET = Pattern.compile("\\|(\\d{10})\\b");

    private static final String LOG_IN =
            "; run claude in a terminal and /login as the user the worker runs as, or give the worker ANTHROPIC_API_KEY";
    private static final String NO_MODEL = "; set observer.claude.model to one that this account may use";
    private static final String NO_MONEY = "; see the account's plan and billing";

    /**
     * An error as the program tells it.
     *
     * @param status the API's answer; 0 when there was none
     * @param error the kind the program gives it; empty for none
     */
    private record Told(int status, String error, String text, String stop, String end) {}

    private record Line(Predicate<Told> fits, Fault fault, String remedy) {}

    private static final List<Line> TABLE = List.of(
            line(told -> told.end.equals("prompt_too_long") || told.status == REQUEST_TOO_LARGE, Fault.TOO_LONG, ""),
            line(told -> TOO_LONG.matcher(told.text).find(), Fault.TOO_LONG, ""),
            line(told -> told.error.equals("billing_error") || told.status == 402, Fault.QUOTA, NO_MONEY),
            line(told -> told.status == 429 && USED_UP.matcher(told.text).find(), Fault.QUOTA, ""),
            line(told -> told.status == 429, Fault.RATE_LIMIT, ""),
            line(
                    told -> Set.of("authentication_failed", "oauth_org_not_allowed")
                                    .contains(told.error)
                            || told.status == 401
                            || told.status == 403,
                    Fault.AUTH,
                    LOG_IN),
            line(told -> told.error.equals("model_not_found") || told.status == 404, Fault.SETUP, NO_MODEL),
            line(told -> told.status >= 500, Fault.OVERLOAD, ""),
            line(told -> told.status >= 400, Fault.REJECTED, ""),
            line(told -> told.error.equals("overloaded"), Fault.OVERLOAD, ""),
            // Without an answer of the API there is only what the program makes of it.
            line(told -> USED_UP.matcher(told.text).find(), Fault.QUOTA, ""),
            line(told -> told.error.equals("rate_limit"), Fault.RATE_LIMIT, ""),
            line(told -> LOGIN.matcher(told.text).find(), Fault.AUTH, LOG_IN),
            line(
                    told -> told.error.equals("server_error")
                            || CONNECTION.matcher(told.text).find(),
                    Fault.TRANSPORT,
                    ""),
            line(told -> told.error.equals("invalid_request"), Fault.REJECTED, ""),
            line(told -> true, Fault.PROTOCOL, ""));

    private ClaudeFaults() {}

    private static Line line(Predicate<Told> fits, Fault fault, String remedy) {
        return new Line(fits, fault, remedy);
    }

    /** Whether it is an answer that the model declined to give. */
    static boolean refused(JsonNode result) {
        return result.path("stop_reason").asText().equals("refusal");
    }

    /** Whether it is an answer that grew too long, which the program takes for an error. */
    static boolean cut(JsonNode result) {
        return CUT.matcher(result.path("result").asText()).find();
    }

    /**
     * What an error is.
     *
     * @param error the kind that the message before the result gave it; null for none
     * @param resetsAt when a limit ends by the program's word, in epoch seconds; 0 when it does not say
     * @param now epoch milliseconds
     */
    static ModelException of(JsonNode result, @Nullable String error, long resetsAt, long now) {
        String text = text(result);
        Told told = new Told(
                result.path("api_error_status").asInt(),
                error == null ? "" : error,
                text,
                result.path("stop_reason").asText(),
                result.path("terminal_reason").asText());
        Line line =
                TABLE.stream().filter(each -> each.fits.test(told)).findFirst().orElseThrow();
        boolean limited = line.fault == Fault.QUOTA || line.fault == Fault.RATE_LIMIT;
        long until = resetsAt > 0 ? resetsAt : reset(text);
        Long waitMs = limited && until > 0 ? Math.max(0, until * 1_000 - now) : null;
        return new ModelException(line.fault, "Claude Code: " + text + line.remedy, waitMs, null);
    }

    private static long reset(String text) {
        Matcher matcher = RESET.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String text(JsonNode result) {
        String text = result.path("result").asText();
        if (text.isBlank()) {
            text = result.path("errors").path(0).asText();
        }
        return Words.line(text.isBlank() ? result.path("subtype").asText("an error without a name") : text, LONGEST);
    }
}
