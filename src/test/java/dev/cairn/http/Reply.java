package dev.cairn.http;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP answer as a test sees it. */
record Reply(int status, Map<String, String> headers, String body) {
    JsonObject json() {
        return new JsonObject(body);
    }

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(java.util.Locale.ROOT));
    }

    /** The code of the error in it. */
    @Nullable
    String code() {
        return json().getJsonObject("error").getString("code");
    }

    /** The field of the error in it. */
    @Nullable
    String field() {
        return json().getJsonObject("error").getString("field");
    }

    String message() {
        return json().getJsonObject("error").getString("message");
    }
}
