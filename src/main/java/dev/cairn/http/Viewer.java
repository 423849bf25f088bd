package dev.cairn.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One client of the live stream: where it is in the ring. Used on its event loop only. */
final class Viewer implements Outflow {
    /** A piece is at most this long, in bytes, and one event. */
    private static final int PIECE = 64 * 1024;

    private static final long RETRY_MS = 2_000;
    private static final Buffer END = Buffer.buffer();

    /**
     * What a client is told beside the named events.
     *
     * @param unnamed whether events come in the form of claude-mem's stream too
     * @param greeting what stands before the first event
     */
    record Form(boolean unnamed, Buffer greeting) {
        static final Form NAMED = new Form(false, Buffer.buffer());
    }

    private final EventRing ring;
    private final Form form;
    private final Predicate<EventRing.Event> wanted;
    private final Consumer<Viewer> onClosed;
    private long at;
    private boolean begun;
    private boolean finishing;
    private boolean ended;
    private @Nullable Promise<Buffer> waiting;

    /** @param from the number of the last event the client has; -1 when that is not known */
    Viewer(EventRing ring, long from, Predicate<EventRing.Event> wanted, Form form, Consumer<Viewer> onClosed) {
        this.ring = ring;
        this.form = form;
        this.at = from;
        this.wanted = wanted;
        this.onClosed = onClosed;
    }

    @Override
    public Future<Buffer> next() {
        Buffer piece = piece();
        if (piece.length() > 0 || ended) {
            return Future.succeededFuture(piece);
        }
        Promise<Buffer> later = Promise.promise();
        waiting = later;
        return later.future();
    }

    /** There may be news. */
    void wake() {
        Promise<Buffer> ready = waiting;
        if (ready == null) {
            return;
        }
        Buffer piece = piece();
        if (piece.length() > 0) {
            waiting = null;
            ready.complete(piece);
        }
    }

    /** Time for a sign of life; whoever is being written to needs none. */
    void beat() {
        Promise<Buffer> ready = waiting;
        if (ready != null) {
            waiting = null;
            ready.complete(EventText.beat(ring.id(at)));
        }
    }

    @Override
    public void finish() {
        finishing = true;
        wake();
    }

    @Override
    public void close() {
        waiting = null;
        onClosed.accept(this);
    }

    private Buffer piece() {
        if (ended) {
            return END;
        }
        Buffer piece = Buffer.buffer();
        EventRing.News news = ring.after(at);
        if (news.missed()) {
            at = news.last();
        }
        if (!begun) {
            begun = true;
            piece.appendBuffer(EventText.head(ring.id(at), RETRY_MS)).appendBuffer(form.greeting());
        }
        if (news.missed()) {
            piece.appendBuffer(EventText.event(ring.id(at), "reset", "{\"reason\":\"events were missed\"}"));
        }
        for (EventRing.Event event : news.events()) {
            if (wanted.test(event)) {
                if (piece.length() + event.length() > PIECE && piece.length() > 0) {
                    return piece;
                }
                piece.appendBuffer(event.text());
                Buffer unnamed = event.unnamed();
                if (form.unnamed() && unnamed != null) {
                    piece.appendBuffer(unnamed);
                }
            }
            at = event.number();
        }
        if (finishing) {
            ended = true;
            piece.appendBuffer(EventText.event(ring.id(at), "end", "{\"reason\":\"the worker stops\"}"));
        }
        return piece;
    }
}
