package dev.cairn.observer.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a server said instead of answering, read from the forms that errors have in the field.
 *
 * @param status the answer's, or the one that an error within a successful answer names
 * @param codes all that is told in fixed words (types, codes, reasons, names of quotas), in small letters, a space between them
 * @param words what is told to people; empty for nothing, and for a page
 * @param page whether the answer was a page for people, which no API sends: something on the way did
 */
record Refusal(int status, String codes, String words, boolean page, Reply reply) {
    /** How much of a plain text is looked at. */
    private static final int MAX_TEXT = 2_000;

    static Refusal of(Reply reply) {
        if (reply.page()) {
            return new Refusal(reply.status(), "", "", true, reply);
        }
        JsonNode body = reply.json();
        if (body.isMissingNode()) {
            return new Refusal(reply.status(), "", reply.succeeded() ? "" : reply.start(MAX_TEXT), false, reply);
        }
        return of(reply, body.isArray() ? body.path(0) : body);
    }

    /** @param holder the object that has the error, or is it */
    static Refusal of(Reply reply, JsonNode holder) {
        JsonNode error = holder.has("error") ? holder.path("error") : holder;
        // A gateway hands on what it was told as a whole.
        error = error.path("error").isObject() ? error.path("error") : error;
        List<String> codes = new ArrayList<>();
        for (String field : List.of("type", "code", "status", "param")) {
            add(codes, error.path(field));
        }
        for (JsonNode detail : error.path("details")) {
            add(codes, detail.path("reason"));
            detail.path("violations").forEach(violation -> add(codes, violation.path("quotaId")));
        }
        add(codes, error.at("/metadata/error_type"));
        return new Refusal(
                reply.succeeded() ? status(error, reply.status()) : reply.status(),
                codes.stream().map(code -> code.toLowerCase(Locale.ROOT)).collect(Collectors.joining(" ")),
                words(error),
                false,
                reply);
    }

    private static void add(List<String> codes, JsonNode code) {
        if (code.isTextual() || code.isNumber()) {
            codes.add(code.asText());
        }
    }

    private static int status(JsonNode error, int otherwise) {
        int code = error.path("code").asInt();
        return code >= 400 && code <= 599 ? code : otherwise;
    }

    private static String words(JsonNode error) {
        List<String> words = new ArrayList<>();
        for (String field : List.of("message", "msg", "detail")) {
            JsonNode told = error.path(field);
            if (told.isTextual()) {
                words.add(told.asText());
            }
        }
        for (JsonNode detail : error.path("detail")) {
            words.add(detail.path("msg").asText());
        }
        JsonNode upstream = error.at("/metadata/raw");
        if (!upstream.isMissingNode() && !upstream.isNull()) {
            words.add(upstream.isTextual() ? upstream.asText() : upstream.toString());
        }
        if (words.isEmpty() && error.isTextual()) {
            words.add(error.asText());
        }
        return String.join(" - ", words);
    }
}
