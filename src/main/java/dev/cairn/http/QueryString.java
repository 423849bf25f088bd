package dev.cairn.http;

import dev.cairn.bus.Parameters;
import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters after the {@code ?} of a URL. Vert.x's own decoding would replace broken UTF-8, take names in any case, and
 * drop what comes after a thousand parameters, each without a word.
 */
final class QueryString {
    private static final int MAX_PARAMETERS = 200;

    private QueryString() {}

    /**
     * All values of each name, in their order.
     *
     * @throws CairnException INVALID_ARGUMENT for an unknown name (a misspelt filter must not widen a search), or a value
     *     whose percent-encoding or UTF-8 is broken
     */
    static Function<String, List<String>> parse(@Nullable String query, Iterable<String> known) {
        Map<String, List<String>> values = new HashMap<>();
        known.forEach(name -> values.put(name, new ArrayList<>(1)));
        all(query).forEach((name, given) -> {
            if (!values.containsKey(name)) {
                String shown = Parameters.shown(name);
                throw CairnException.invalid(
                        shown,
                        "'" + shown + "' is not a parameter here; the parameters are "
                                + String.join(", ", new TreeSet<>(values.keySet())));
            }
            values.put(name, given);
        });
        return name -> values.getOrDefault(name, List.of());
    }

    /**
     * All values of each name, in their order, whatever the names are.
     *
     * @throws CairnException INVALID_ARGUMENT for a value whose percent-encoding or UTF-8 is broken
     */
    static Map<String, List<String>> all(@Nullable String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return values;
        }
        String[] pairs = query.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw CairnException.invalid("query", "more than " + MAX_PARAMETERS + " parameters; give fewer");
        }
        for (String pair : pairs) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String rawName = equals < 0 ? pair : pair.substring(0, equals);
            String name = decode("parameter", rawName);
            values.computeIfAbsent(name, each -> new ArrayList<>(1))
                    .add(equals < 0 ? "" : decode(name, pair.substring(equals + 1)));
        }
        return values;
    }

    private static String decode(String field, String encoded) {
        try {
            // One char for one byte, whether it came percent-encoded or bare.
            String bytes = URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1);
            return StrictJson.utf8(bytes.getBytes(StandardCharsets.ISO_8859_1), field);
        } catch (IllegalArgumentException e) {
            throw CairnException.invalid(field, field + " has a broken percent-encoding");
        }
    }
}
