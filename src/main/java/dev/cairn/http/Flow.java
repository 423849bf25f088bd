package dev.cairn.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one {@link Outflow} into one response. Used on its event loop only. */
final class Flow {
    private static final Logger LOG = LoggerFactory.getLogger(Flow.class);

    private final Outflow source;
    private final HttpServerResponse response;
    private final Promise<Void> ended = Promise.promise();
    private boolean writing;
    private long writingSince;
    private boolean over;

    Flow(Outflow source, HttpServerResponse response) {
        this.source = source;
        this.response = response;
    }

    /** Begins to write; succeeds when the body was written whole, fails when it was cut. */
    Future<Void> begin() {
        step();
        return ended.future();
    }

    private void step() {
        source.next().onComplete(piece -> {
            if (over) {
                return;
            }
            if (piece.failed()) {
                // The status went out long ago: only a connection that breaks tells that something is missing.
                LOG.warn("An answer was cut short: {}", String.valueOf(piece.cause()));
                cut();
            } else if (piece.result().length() == 0) {
                over = true;
                source.close();
                response.end().onComplete(ended);
            } else {
                write(piece.result());
            }
        });
    }

    private void write(Buffer piece) {
        writing = true;
        writingSince = System.nanoTime();
        response.write(piece).onComplete(written -> {
            writing = false;
            if (over) {
                return;
            }
            if (written.succeeded()) {
                step();
            } else {
                gone();
            }
        });
    }

    /** Whether the client has not taken a piece for this long. */
    boolean stalled(long now, long nanos) {
        return writing && now - writingSince > nanos;
    }

    /** Brings the body to its end. */
    void finish() {
        if (!over) {
            source.finish();
        }
    }

    /** Ends the connection in the middle of the body. */
    void cut() {
        if (!over) {
            gone();
            response.reset();
        }
    }

    /** The client went away. */
    void gone() {
        if (!over) {
            over = true;
            source.close();
            ended.fail("the connection ended before the body did");
        }
    }
}
