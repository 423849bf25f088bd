package dev.cairn.http;

import io.vertx.core.buffer.Buffer;

/** Server-sent events as bytes. */
final class EventText {
    private EventText() {}

    /** @param json on one line, as encoded JSON is */
    static Buffer event(String id, String name, String json) {
        return buffer("id: " + id + "\nevent: " + name + "\ndata: " + json + "\n\n");
    }

    /** An event as claude-mem's stream has it: data alone. */
    static Buffer unnamed(String json) {
        return buffer("data: " + json + "\n\n");
    }

    /** Moves what the client comes back with, and shows that somebody is there; no event for the client. */
    static Buffer beat(String id) {
        return buffer(": beat\nid: " + id + "\n\n");
    }

    /** The head of a stream: when to come back, and from where. */
    static Buffer head(String id, long retryMs) {
        return buffer("retry: " + retryMs + "\nid: " + id + "\n\n");
    }

    private static Buffer buffer(String text) {
        return Buffer.buffer(text);
    }
}
