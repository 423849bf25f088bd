package dev.cairn.fake;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

/**
 * What a {@link FakeModelServer} sends.
 *
 * @param status of the answer; 0 closes the connection without one
 * @param declared what content-length says; -1 for the truth
 * @param sent how many bytes of the body are sent before the connection is closed; -1 for all, which keeps it open
 * @param release when the answer is begun
 * @param pauseMs how long to wait between pieces of the body; 0 sends it at once
 */
public record Answer(
        int status,
        Map<String, String> headers,
        Buffer body,
        long declared,
        int sent,
        CompletableFuture<?> release,
        long pauseMs) {
    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    public static Answer json(int status, String json) {
        return of(status, "application/json", json);
    }

    public static Answer of(int status, String type, String body) {
        return new Answer(status, Map.of("Content-Type", type), Buffer.buffer(body), -1, -1, NOW, 0);
    }

    /** The answer of a model that says this. */
    public static Answer says(Asked asked, String text) {
        return json(200, asked.dialect().answer(asked, text));
    }

    /** An error in the form of the API that was asked. */
    public static Answer error(Asked asked, int status, String type, String message) {
        return json(status, asked.dialect().error(status, type, message));
    }

    /** The connection is closed without an answer. */
    public static Answer nothing() {
        return of(0, "", "");
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, declared, sent, release, pauseMs);
    }

    public Answer declaring(long length) {
        return new Answer(status, headers, body, length, sent, release, pauseMs);
    }

    /** The connection is closed after so many bytes of the body. */
    public Answer droppedAfter(int bytes) {
        return new Answer(status, headers, body, declared, bytes, release, pauseMs);
    }

    /** Nothing is sent before this completes. */
    public Answer heldUntil(CompletableFuture<?> event) {
        return new Answer(status, headers, body, declared, sent, event, pauseMs);
    }

    /** The body comes in pieces of 16 bytes. */
    public Answer trickling(long everyMs) {
        return new Answer(status, headers, body, declared, sent, release, everyMs);
    }

    public Answer zipped() {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(body.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(status, headers, Buffer.buffer(zipped.toByteArray()), declared, sent, release, pauseMs)
                .with("Content-Encoding", "gzip");
    }
}
