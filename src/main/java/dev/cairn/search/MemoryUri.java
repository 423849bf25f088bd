package dev.cairn.search;

import dev.cairn.bus.Parameters;
import dev.cairn.mcp.McpFault;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a resource: {@code cairn://observation/12}, of a memory of another kind, or of a session by the worker's id or the
 * host's; with {@code ?format=json} the record.
 */
record MemoryUri(String kind, String id, boolean json) {
    static final String SESSION = "session";
    private static final Set<String> KINDS = Set.of("observation", "summary", "prompt", SESSION);
    private static final Pattern URI = Pattern.compile("cairn://([a-z]+)/([^/?#]{1,1600})(\\?format=(text|json))?");

    /** @throws McpFault when it is no such name */
    static MemoryUri parse(String uri) {
        Matcher parts = URI.matcher(uri);
        if (!parts.matches() || !KINDS.contains(parts.group(1))) {
            throw McpFault.noResource(
                    uri,
                    "'" + Parameters.shown(uri) + "' names none; resources are cairn://observation/{id},"
                            + " cairn://summary/{id}, cairn://prompt/{id} and cairn://session/{id}");
        }
        try {
            // A plus sign is one here: this is no form.
            String id = URLDecoder.decode(parts.group(2).replace("+", "%2B"), StandardCharsets.UTF_8);
            return new MemoryUri(parts.group(1), id, "json".equals(parts.group(4)));
        } catch (IllegalArgumentException e) {
            throw McpFault.noResource(uri, "its percent signs do not encode anything");
        }
    }

    static String of(String kind, long id) {
        return "cairn://" + kind + "/" + id;
    }

    /** An id as it stands in a URI. */
    static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The id as a number; 0 when it is none. */
    long number() {
        return id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
    }
}
