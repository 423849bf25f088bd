package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Texts of a request, read and shown with care. */
final class Texts {
    private static final int SHOWN = 60;

    private Texts() {}

    /** @throws McpFault when it is missing or no text */
    static String required(ObjectNode params, String name, String what) {
        JsonNode value = params.get(name);
        if (value == null || !value.isTextual()) {
            throw McpFault.invalid(name + " must be a string: " + what);
        }
        return value.asText();
    }

    /** A cursor; null for none. */
    static @Nullable String cursor(ObjectNode params) {
        JsonNode cursor = params.get("cursor");
        if (cursor == null || cursor.isNull()) {
            return null;
        }
        if (!cursor.isTextual()) {
            throw McpFault.invalid("cursor must be a string that a page gave out; leave it out to begin anew");
        }
        return cursor.asText();
    }

    /** Refuses a cursor of a list that has one page. */
    static void onlyPage(ObjectNode params) {
        if (cursor(params) != null) {
            throw McpFault.invalid("cursor is unknown; the list has one page, leave cursor out");
        }
    }

    /** A client's word, fit to stand in a message. */
    static String shown(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return shown.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
