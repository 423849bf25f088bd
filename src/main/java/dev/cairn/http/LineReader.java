package dev.cairn.http;

import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one request's body line by line and hands it on in batches, one at a time: while a batch is being taken in, the client
 * is not read from. So a body may be of any length, and holds no more here than a batch and what one read brings. Used on its
 * event loop only.
 */
final class LineReader {
    /** Takes one batch in. */
    interface Sink {
        /**
         * @param lines without their ends; at least one
         * @param firstLine the number of the first, from 1
         */
        Future<Void> take(List<String> lines, int firstLine);
    }

    /** The longest line, in bytes. */
    static final int MAX_LINE = 4 << 20;

    /** A batch has at most so many lines, and is full when it has so many UTF-16 units. */
    private static final int BATCH_LINES = 1_000;

    private static final int BATCH_CHARS = 1 << 20;

    private final HttpServerRequest request;
    private final Sink sink;
    private final Promise<Integer> read = Promise.promise();
    private final List<String> lines = new ArrayList<>();
    private Buffer partial = Buffer.buffer();
    private int taken;
    private boolean taking;
    private boolean ended;
    private boolean over;
    private long lastNanos = System.nanoTime();

    LineReader(HttpServerRequest request, Sink sink) {
        this.request = request;
        this.sink = sink;
    }

    /** Begins; succeeds with the number of lines when all were taken in. */
    Future<Integer> read() {
        request.handler(this::receive)
                .exceptionHandler(lost -> fail(CairnException.invalid("body", "the body did not arrive whole")))
                .endHandler(end -> end());
        return read.future();
    }

    /** Gives up when nothing came for so long, and it is not this side that waits. */
    void expire(long now, long nanos) {
        if (!taking && !ended && now - lastNanos > nanos) {
            fail(new CairnException(ErrorCode.REQUEST_TIMEOUT, "the body took too long to arrive", "body", null));
        }
    }

    private void receive(Buffer chunk) {
        if (over) {
            return;
        }
        lastNanos = System.nanoTime();
        try {
            split(chunk);
        } catch (CairnException e) {
            fail(e);
            return;
        }
        takeOn();
    }

    private void split(Buffer chunk) {
        int begin = 0;
        for (int i = 0; i < chunk.length(); i++) {
            if (chunk.getByte(i) == '\n') {
                partial.appendBuffer(chunk, begin, i - begin);
                line();
                begin = i + 1;
            }
        }
        partial.appendBuffer(chunk, begin, chunk.length() - begin);
        if (partial.length() > MAX_LINE) {
            throw tooLong();
        }
    }

    private void line() {
        if (partial.length() > MAX_LINE) {
            throw tooLong();
        }
        lines.add(StrictJson.utf8(partial.getBytes(), "line " + next()));
        partial = Buffer.buffer();
    }

    private int next() {
        return taken + lines.size() + 1;
    }

    private CairnException tooLong() {
        String name = "line " + next();
        return new CairnException(
                ErrorCode.PAYLOAD_TOO_LARGE, name + " is longer than " + MAX_LINE + " bytes", name, null);
    }

    private void end() {
        ended = true;
        if (over) {
            return;
        }
        try {
            if (partial.length() > 0) {
                line();
            }
        } catch (CairnException e) {
            fail(e);
            return;
        }
        takeOn();
    }

    private void takeOn() {
        if (over || taking) {
            return;
        }
        int size = batch();
        if (size == 0) {
            if (ended) {
                over = true;
                read.tryComplete(taken);
            }
            return;
        }
        List<String> batch = List.copyOf(lines.subList(0, size));
        lines.subList(0, size).clear();
        taking = true;
        request.pause();
        sink.take(batch, taken + 1).onComplete(done -> {
            taking = false;
            lastNanos = System.nanoTime();
            if (done.failed()) {
                fail(done.cause());
                return;
            }
            taken += size;
            if (!over) {
                request.resume();
                takeOn();
            }
        });
    }

    /** How many lines to hand on now; 0 for none as long as more may come. */
    private int batch() {
        int chars = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (i == BATCH_LINES || chars >= BATCH_CHARS) {
                return i;
            }
            chars += lines.get(i).length();
        }
        boolean full = lines.size() >= BATCH_LINES || chars >= BATCH_CHARS;
        return full || ended ? lines.size() : 0;
    }

    private void fail(Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        lines.clear();
        partial = Buffer.buffer();
        read.tryFail(cause);
        // What is still to come flows past.
        request.resume();
    }
}
