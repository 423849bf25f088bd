package dev.cairn.observer.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the Gemini API is asked.
 *
 * @param apart whether the instructions have a place of their own, which Gemma models do not know
 */
record GeminiForm(Output output, Thinking thinking, boolean apart) {
    /** How a model is kept from thinking, which is paid for as output: the least first. */
    enum Thinking {
        /** None at all; older models that must think refuse it, and some newer ones. */
        NONE,
        /** Newer models' least; older ones refuse it. */
        LOW,
        /** As the model is made. */
        FREE
    }

    private static final Pattern THINKING = Pattern.compile("thinking|budget", Pattern.CASE_INSENSITIVE);
    private static final Pattern APART =
            Pattern.compile("developer instruction|system_?\\s?instruction", Pattern.CASE_INSENSITIVE);
    private static final Pattern OUTPUT = Pattern.compile(
            "response_?(json_?)?schema|schema|response_?mime_?type|json mode|too many states",
            Pattern.CASE_INSENSITIVE);

    static final GeminiForm BEST = new GeminiForm(Output.SCHEMA, Thinking.NONE, true);

    /** Less by what the refusal names; null when it names nothing that can be left out. */
    @Nullable
    GeminiForm lesser(Refusal refusal) {
        if (refusal.status() != 400 || refusal.page()) {
            return null;
        }
        String told = refusal.words();
        if (thinking != Thinking.FREE && THINKING.matcher(told).find()) {
            return new GeminiForm(output, thinking == Thinking.NONE ? Thinking.LOW : Thinking.FREE, apart);
        }
        if (apart && APART.matcher(told).find()) {
            return new GeminiForm(output, thinking, false);
        }
        Output lesser = output.lesser();
        return lesser != null && OUTPUT.matcher(told).find() ? new GeminiForm(lesser, thinking, apart) : null;
    }
}
