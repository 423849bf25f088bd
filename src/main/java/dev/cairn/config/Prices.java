package dev.cairn.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What models cost. Prices are given in dollars for a million tokens, which is micro-dollars for a token; the first entry that
 * fits a model counts.
 */
public final class Prices {
    /** Dollars for a million tokens. */
    public record Price(double input, double output, double cacheRead, double cacheWrite) {
        /** In micro-dollars, rounded. */
        public long cost(long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens) {
            return Math.round(inputTokens * input
                    + outputTokens * output
                    + cacheReadTokens * cacheRead
                    + cacheWriteTokens * cacheWrite);
        }
    }

    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

    private final Map<String, Price> byModel;

    private Prices(Map<String, Price> byModel) {
        this.byModel = byModel;
    }

    /** @throws ConfigException naming the entry that is none */
    static Prices parse(List<String> entries) {
        Map<String, Price> prices = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.lastIndexOf('=');
            String[] figures = entry.substring(equals + 1).split("/", -1);
            if (equals < 1 || (figures.length != 2 && figures.length != 4)) {
                throw refused(entry);
            }
            double input = figure(entry, figures[0]);
            double output = figure(entry, figures[1]);
            prices.put(
                    entry.substring(0, equals).strip(),
                    figures.length == 2
                            ? new Price(input, output, input, input)
                            : new Price(input, output, figure(entry, figures[2]), figure(entry, figures[3])));
        }
        return new Prices(prices);
    }

    private static double figure(String entry, String text) {
        BigDecimal figure;
        try {
            figure = new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw refused(entry);
        }
        if (figure.signum() < 0 || figure.compareTo(MOST) > 0) {
            throw refused(entry);
        }
        return figure.doubleValue();
    }

    private static ConfigException refused(String entry) {
        return new ConfigException("observer.prices: '" + entry
                + "' is no price; write MODEL=INPUT/OUTPUT or MODEL=INPUT/OUTPUT/CACHE_READ/CACHE_WRITE in dollars for a"
                + " million tokens");
    }

    /** What a model costs; null when that is not known. */
    public @Nullable Price of(String model) {
        Price exact = byModel.get(model);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, Price> entry : byModel.entrySet()) {
            String name = entry.getKey();
            if (name.endsWith("*") && model.startsWith(name.substring(0, name.length() - 1))) {
                return entry.getValue();
            }
        }
        return null;
    }
}
