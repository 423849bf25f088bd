package dev.cairn.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys under {@code observer}; times in milliseconds.
 *
 * @param proxy the HTTP proxy's URL; null for what the environment says
 * @param openaiOutput {@code auto, schema, json} or {@code text}
 */
public record ObserverConfig(
        String provider,
        int max,
        int attempts,
        long idleMs,
        long timeoutMs,
        Batch batch,
        Budget budget,
        Prices prices,
        @Nullable String proxy,
        Claude claude,
        Api anthropic,
        Api openai,
        String openaiOutput,
        Api gemini,
        Custom custom) {

    /** What is told to a model at once, and what it may answer; in tokens but for the tool uses. */
    public record Batch(int toolUses, int tokens, int historyTokens, int outputTokens) {}

    /** What models may use; 0 for no limit. */
    public record Budget(
            int callsPerDay, long tokensPerDay, int callsPerSession, long tokensPerSession, double dollarsPerDay) {}

    /** @param conversationTokens how long one conversation may grow; 0 starts one for each call */
    public record Claude(List<String> command, String model, int conversationTokens) {
        public Claude {
            command = List.copyOf(command);
        }
    }

    /** A model behind HTTP. */
    public record Api(
            String url, @Nullable String apiKey, @Nullable String model) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Api[url=" + url + ", model=" + model + "]";
        }
    }

    /**
     * For a provider on the class path.
     *
     * @param provider its name; null for the only one
     */
    public record Custom(
            @Nullable String provider,
            Map<String, String> options,
            @Nullable String apiKey) {
        public Custom {
            options = Map.copyOf(options);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Custom[" + provider + ", options=" + options.keySet() + "]";
        }
    }
}
