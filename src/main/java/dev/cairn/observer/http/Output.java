package dev.cairn.observer.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the form of an answer is asked for, the best first. */
enum Output {
    /** The API holds the model to the schema. */
    SCHEMA,
    /** The API holds the model to JSON; the schema is told in words. */
    JSON,
    /** All is told in words. */
    TEXT;

    @Nullable
    Output lesser() {
        return switch (this) {
            case SCHEMA -> JSON;
            case JSON -> TEXT;
            case TEXT -> null;
        };
    }

    /** The instructions, with the schema where the API is not told it. */
    String instructions(String instructions, String schema) {
        return this == SCHEMA
                ? instructions
                : instructions + "\n\nAnswer with one JSON object that fits this JSON schema, and with nothing else:\n"
                        + schema;
    }

    static Output of(String setting) {
        return setting.equals("auto") ? SCHEMA : valueOf(setting.toUpperCase(Locale.ROOT));
    }
}
