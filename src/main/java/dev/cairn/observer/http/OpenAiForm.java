package dev.cairn.observer.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an OpenAI-compatible server is asked.
 *
 * @param mayLessen whether the output's form was left to the server
 * @param limit the name of the field that bounds an answer's length
 * @param tried whether the other name was refused before
 */
record OpenAiForm(Output output, boolean mayLessen, String limit, boolean tried) {
    /** Older, and known to all but OpenAI's reasoning models. */
    private static final String OLD = "max_tokens";

    private static final String NEW = "max_completion_tokens";

    private static final Pattern OUTPUT = Pattern.compile(
            "response_format|response format|json_schema|json_object|json[ -]?mode|schema|structured output|grammar"
                    + "|requested parameters",
            Pattern.CASE_INSENSITIVE);

    static OpenAiForm of(String output, Endpoint endpoint) {
        boolean original =
                endpoint.host().endsWith("openai.com") || endpoint.host().endsWith("openai.azure.com");
        return new OpenAiForm(Output.of(output), output.equals("auto"), original ? NEW : OLD, false);
    }

    /** Less by what the refusal names; null when it names nothing that can be left out. */
    @Nullable
    OpenAiForm lesser(Refusal refusal) {
        boolean form = refusal.status() == 400
                || refusal.status() == 404
                || refusal.status() == 422
                || refusal.status() == 500
                || refusal.status() == 501;
        if (!form || refusal.page()) {
            return null;
        }
        String told = refusal.codes() + " " + refusal.words();
        if (told.contains(limit) && !tried && !told.contains("context")) {
            return new OpenAiForm(output, mayLessen, limit.equals(OLD) ? NEW : OLD, true);
        }
        Output lesser = output.lesser();
        return mayLessen && lesser != null && OUTPUT.matcher(told).find()
                ? new OpenAiForm(lesser, true, limit, tried)
                : null;
    }
}
