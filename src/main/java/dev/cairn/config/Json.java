package dev.cairn.config;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.util.Map;

/** Reads JSON without data binding, which takes longer to load than a command of the command line takes to run. */
public final class Json {
    private static final JacksonCodec CODEC = new JacksonCodec();

    private Json() {}

    /** @throws DecodeException when the text is anything but one JSON object */
    @SuppressWarnings("unchecked") // names in JSON are texts
    public static JsonObject object(String text) {
        return new JsonObject((Map<String, Object>) CODEC.fromString(text, Map.class));
    }
}
