package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** An export as lines, read from the store page by page as the client takes them. Used on its event loop only. */
final class LineExport implements Outflow {
    static final long PAGE_MS = 30_000;

    private static final Buffer END = Buffer.buffer();

    private final Bus bus;
    private final ExportQuery query;
    private @Nullable ExportPage ready;
    private @Nullable String next;
    private boolean stopping;

    private LineExport(Bus bus, ExportQuery query, ExportPage first) {
        this.bus = bus;
        this.query = query;
        this.ready = first;
    }

    /** Reads the first page: what is wrong with the query is told before the answer begins. */
    static Future<LineExport> begin(Bus bus, ExportQuery query) {
        return page(bus, query, null).map(first -> new LineExport(bus, query, first));
    }

    static Future<ExportPage> page(Bus bus, ExportQuery query, @Nullable String cursor) {
        ExportQuery page = new ExportQuery(
                query.project(), query.session(), query.from(), query.to(), query.platform(), query.limit(), cursor);
        return bus.request(Addresses.STORE_EXPORT, page, PAGE_MS);
    }

    @Override
    public Future<Buffer> next() {
        ExportPage first = ready;
        if (first != null) {
            ready = null;
            return Future.succeededFuture(piece(first));
        }
        if (next == null) {
            return Future.succeededFuture(END);
        }
        if (stopping) {
            return Future.failedFuture("the worker stops");
        }
        return page(bus, query, next).compose(page -> {
            Buffer piece = piece(page);
            // Everything of a page may have been forgotten meanwhile; that is not the end.
            return piece.length() == 0 && next != null ? next() : Future.succeededFuture(piece);
        });
    }

    private Buffer piece(ExportPage page) {
        next = page.next();
        Buffer piece = Buffer.buffer();
        for (String line : page.lines()) {
            piece.appendString(line).appendByte((byte) '\n');
        }
        return piece;
    }

    @Override
    public void finish() {
        stopping = true;
    }

    @Override
    public void close() {
        ready = null;
        next = null;
    }
}
