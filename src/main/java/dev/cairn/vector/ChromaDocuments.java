package dev.cairn.vector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.WireFormat;
import java.util.ArrayList;
import java.util.List;

/** How memories stand in a Chroma collection, whichever way they came there. */
final class ChromaDocuments {
    /** The models read 256 to 512 tokens; what is beyond as many words would only be stored. In UTF-16 units. */
    static final int MAX_TEXT = 4_000;

    private ChromaDocuments() {}

    static String name(long id) {
        return "m" + id;
    }

    /** An update leaves keys alone that it does not name, so all are always named. */
    static ObjectNode metadata(VectorDocument document) {
        return WireFormat.mapper()
                .createObjectNode()
                .put("project", document.project().key())
                .put("projectName", document.project().name())
                .put("kind", document.kind().toString())
                .put("type", document.type() == null ? "" : document.type())
                .put("createdAt", document.createdAt());
    }

    /**
     * What a query found.
     *
     * @param answer its lists, each with one list for the one query
     * @param scale makes Chroma's distance a squared one of unit vectors
     */
    static List<VectorHits.Hit> hits(JsonNode answer, double scale) {
        JsonNode ids = answer.path("ids").path(0);
        JsonNode distances = answer.path("distances").path(0);
        List<VectorHits.Hit> hits = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i).asText();
            if (id.matches("m\\d{1,18}") && distances.path(i).isNumber()) {
                // The same vectors may come out a rounding error below nothing.
                double distance = Math.max(0, distances.get(i).asDouble() * scale);
                hits.add(new VectorHits.Hit(Long.parseLong(id.substring(1)), distance));
            }
        }
        return hits;
    }

    /** Cut between characters, and never empty: there would be nothing to embed. */
    static String shortened(String text) {
        if (text.isBlank()) {
            return "(empty)";
        }
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end);
    }
}
