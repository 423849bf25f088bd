package dev.cairn.http;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body into memory, never more than the bound. A body must say that it is JSON: a form or a script of a
 * web page cannot say so without the browser asking first. Used on its event loop only.
 *
 * <p>Vert.x Web's BodyHandler is laxer: it takes any media type and charset, a compressed body too, has no deadline for a slow
 * one, and would read the body of a request before the route is known.
 */
final class BodyReader {
    private static final Buffer NONE = Buffer.buffer();

    private final HttpServerRequest request;
    private final int maxBytes;
    private final Promise<Buffer> read = Promise.promise();
    private Buffer received = NONE;
    private final long since = System.nanoTime();
    private @Nullable LineReader lines;
    private boolean growing;
    private boolean reading;

    BodyReader(HttpServerRequest request, int maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /** Whether the request announces a body. */
    static boolean announced(HttpServerRequest request) {
        return request.headers().contains("transfer-encoding") || announcedLength(request) > 0;
    }

    /** The length the request announces; 0 for none, and for one that is not known ahead. */
    static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            // Netty refuses such a header before; should one come through, it is more than anything accepted.
            return Long.MAX_VALUE;
        }
    }

    /** Whether it says that it is JSON and how long, and is not too long to be read whole. */
    boolean isSmallJson() {
        long length = announcedLength(request);
        return length > 0 && length <= maxBytes && refusal("application/json") == null;
    }

    /** The whole body; empty when there is none. Fails with a {@link CairnException}. To be called as the request arrives. */
    Future<Buffer> read() {
        if (!announced(request)) {
            return Future.succeededFuture(NONE);
        }
        CairnException refusal = announcedLength(request) > maxBytes ? tooLarge() : refusal("application/json");
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        reading = true;
        invite();
        request.handler(this::receive)
                .exceptionHandler(lost -> fail(CairnException.invalid("body", "the body did not arrive whole")))
                .endHandler(end -> {
                    reading = false;
                    read.tryComplete(received);
                });
        return read.future();
    }

    /** Reads lines, however many; see {@link LineReader}. To be called as the request arrives. */
    Future<Integer> lines(LineReader.Sink sink) {
        CairnException refusal = announced(request)
                ? refusal("application/x-ndjson", "application/jsonl", "application/json")
                : CairnException.invalid("body", "the body is empty; send the lines of an export");
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        LineReader reader = new LineReader(request, sink);
        lines = reader;
        Future<Integer> read = reader.read();
        invite();
        return read;
    }

    /** Whether a body without a bound is being read. */
    boolean streaming() {
        return lines != null;
    }

    private void invite() {
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
    }

    /** Gives up on a body that is arriving too slowly; does nothing otherwise. */
    void expire(long now, long nanos) {
        if (lines != null) {
            lines.expire(now, nanos);
        } else if (reading && now - since > nanos) {
            fail(new CairnException(ErrorCode.REQUEST_TIMEOUT, "the body took too long to arrive", "body", null));
        }
    }

    private void receive(Buffer chunk) {
        if (!reading) {
            return;
        }
        long length = (long) chunk.length() + received.length();
        if (length > maxBytes) {
            fail(tooLarge());
        } else if (received.length() == 0) {
            received = chunk;
        } else {
            if (!growing) {
                // The first chunk is kept as it came; only a body of several is copied, into room for all of it.
                growing = true;
                int room = (int) Math.min(maxBytes, Math.max(length, announcedLength(request)));
                received = Buffer.buffer(Math.min(room, 1 << 20)).appendBuffer(received);
            }
            received.appendBuffer(chunk);
        }
    }

    private void fail(CairnException refusal) {
        reading = false;
        received = NONE;
        read.tryFail(refusal);
    }

    private @Nullable CairnException refusal(String... types) {
        String encoding = request.getHeader("content-encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return new CairnException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must not be compressed", "Content-Encoding", null);
        }
        String type = request.getHeader("content-type");
        if (type == null || !isOneOf(type.toLowerCase(Locale.ROOT), types)) {
            return new CairnException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "send the body as " + types[0] + " in UTF-8",
                    "Content-Type",
                    null);
        }
        return null;
    }

    private static boolean isOneOf(String type, String... types) {
        String[] parts = type.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").strip();
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return List.of(types).contains(parts[0].strip());
    }

    private CairnException tooLarge() {
        return new CairnException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the body is larger than " + maxBytes + " bytes; the setting http.maxBodyBytes sets the bound",
                "body",
                null);
    }
}
