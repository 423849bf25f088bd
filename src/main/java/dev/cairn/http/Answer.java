package dev.cairn.http;

import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered.
 *
 * @param type the content type; empty when there is no body
 * @param body the whole body; empty when there is a {@code flow}
 * @param flow the body piece by piece; null when it is whole
 * @param headers beside the ones every answer carries
 */
record Answer(
        int status, String type, Buffer body, @Nullable Outflow flow, Map<String, String> headers) {
    static final String JSON = "application/json";
    private static final Buffer NONE = Buffer.buffer();

    private record Problem(Detail error) {}

    private record Detail(
            String code, String message, @Nullable String field) {}

    static Answer json(Object value) {
        return new Answer(200, JSON, Buffer.buffer(WireFormat.encodeUtf8(value)), null, Map.of());
    }

    /** An object with one more field, behind its own; the object must have one at least. */
    static Answer json(Object object, String field, Object value) {
        byte[] own = WireFormat.encodeUtf8(object);
        Buffer body = Buffer.buffer(own.length + 256)
                .appendBytes(own, 0, own.length - 1)
                .appendString(",\"" + field + "\":")
                .appendBytes(WireFormat.encodeUtf8(value))
                .appendString("}");
        return new Answer(200, JSON, body, null, Map.of());
    }

    static Answer json(int status, String json) {
        return new Answer(status, JSON, Buffer.buffer(json), null, Map.of());
    }

    static Answer text(String type, String text) {
        return new Answer(200, type, Buffer.buffer(text), null, Map.of());
    }

    /** A body that is written as the client takes it. Whoever makes it closes nothing: the answer does, whatever becomes of it. */
    static Answer stream(String type, Outflow flow) {
        return new Answer(200, type, NONE, flow, Map.of());
    }

    static Answer empty(int status) {
        return new Answer(status, "", NONE, null, Map.of());
    }

    /** The one form of every refusal. */
    static Answer error(CairnException refusal) {
        ErrorCode code = refusal.code();
        String message = refusal.getMessage();
        String json = WireFormat.encode(new Problem(new Detail(code.wire(), message, refusal.field())));
        Answer answer = json(code.httpStatus(), json);
        return switch (code) {
            case UNAUTHORIZED -> answer.with("WWW-Authenticate", "Bearer");
            case UNAVAILABLE -> answer.with("Retry-After", "1");
            default -> answer;
        };
    }

    Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, type, body, flow, more);
    }
}
