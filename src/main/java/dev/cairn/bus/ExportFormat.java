package dev.cairn.bus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.model.CairnException;
import org.jspecify.annotations.Nullable;

/** Reads and writes the lines of an export. Unknown fields are passed over, so that newer files of the same version are read. */
public final class ExportFormat {
    private ExportFormat() {}

    public static String header() {
        return WireFormat.encode(new ExportLine.Header(ExportLine.Header.NAME, ExportLine.Header.VERSION));
    }

    public static String write(ExportLine line) {
        return WireFormat.encode(line);
    }

    /**
     * Where a line stands, as refusals name it.
     *
     * @param index its place among the lines of a request, from 0
     * @param line its number in its file, from 1
     */
    public record Place(int index, int line) {
        /** @param field within the line, or empty */
        public CairnException invalid(String field, String message) {
            String at = "lines[" + index + "]" + (field.isEmpty() ? "" : "." + field);
            return CairnException.invalid(at, "line " + line + ": " + message);
        }

        /** The same refusal, of a value within the line. */
        public CairnException invalid(CairnException refusal) {
            String field = refusal.field();
            return invalid(field == null ? "" : field, refusal.getMessage());
        }
    }

    /**
     * Reads a line.
     *
     * @return null for a header, and for a line that is blank
     * @throws CairnException INVALID_ARGUMENT naming the line, the field and the remedy
     */
    public static @Nullable ExportLine read(String text, Place place) {
        if (text.isBlank()) {
            if (place.line() == 1) {
                throw noHeader(place);
            }
            return null;
        }
        JsonNode tree = tree(text, place);
        if (tree.has("cairn")) {
            checkHeader(tree, place);
            return null;
        }
        if (place.line() == 1) {
            throw noHeader(place);
        }
        JsonNode name = tree.get("record");
        if (name == null || !name.isTextual()) {
            throw place.invalid("record", "record is missing; it says what the line is, such as session or prompt");
        }
        Class<? extends ExportLine> type = type(name.textValue(), place);
        try {
            return WireFormat.decode(tree, type);
        } catch (CairnException e) {
            throw place.invalid(e);
        }
    }

    private static JsonNode tree(String text, Place place) {
        JsonNode tree;
        try {
            tree = WireFormat.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw place.invalid("", "not valid JSON (" + e.getOriginalMessage() + "); each line is one JSON object");
        }
        if (!tree.isObject()) {
            throw place.invalid("", "must be a JSON object; each line of an export is one");
        }
        return tree;
    }

    private static CairnException noHeader(Place place) {
        return place.invalid(
                "", "this is no export: its first line must be " + header() + "; give a file that 'export' made");
    }

    private static void checkHeader(JsonNode tree, Place place) {
        JsonNode version = tree.path("version");
        if (!tree.path("cairn").asText().equals(ExportLine.Header.NAME) || !version.canConvertToInt()) {
            throw noHeader(place);
        }
        if (version.intValue() != ExportLine.Header.VERSION) {
            throw place.invalid(
                    "version",
                    "an export of version " + version + ", and this build reads version " + ExportLine.Header.VERSION
                            + "; import it with the build that made it, or a newer one");
        }
    }

    private static Class<? extends ExportLine> type(String record, Place place) {
        return switch (record) {
            case ExportLine.SessionLine.NAME -> ExportLine.SessionLine.class;
            case ExportLine.TurnLine.NAME -> ExportLine.TurnLine.class;
            case ExportLine.PromptLine.NAME -> ExportLine.PromptLine.class;
            case ExportLine.ObservationLine.NAME -> ExportLine.ObservationLine.class;
            case ExportLine.SummaryLine.NAME -> ExportLine.SummaryLine.class;
            case ExportLine.ToolUseLine.NAME -> ExportLine.ToolUseLine.class;
            case ExportLine.NoteLine.NAME -> ExportLine.NoteLine.class;
            case ExportLine.End.NAME -> ExportLine.End.class;
            default ->
                throw place.invalid(
                        "record", "'" + record + "' is no record this build knows; import it with a newer build");
        };
    }
}
