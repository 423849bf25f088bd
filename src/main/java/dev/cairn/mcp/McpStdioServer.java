package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.NullNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an {@link McpHandler} on two streams, one message a line.
 *
 * <p>A thread of its own reads and another writes, as both block; the handler runs on the Vert.x context that {@link #serve}
 * was called on. Answers come in the order in which they are ready. When as many requests are under way as are allowed, the
 * next line is not read before one of them is answered.
 */
public final class McpStdioServer {
    /** The longest line that is taken, in bytes; a longer one is refused. */
    public static final int MAX_LINE = 8 * 1024 * 1024;

    /** So many requests may be under way. */
    static final int MAX_CONCURRENT = 64;

    /** How long after the end of the input answers under way may still come, in milliseconds. */
    private static final long LAST_ANSWERS_MS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(McpStdioServer.class);

    private final Vertx vertx;
    private final McpHandler handler;
    private final InputStream in;
    private final OutputStream out;
    private final Semaphore free = new Semaphore(MAX_CONCURRENT);
    private final Promise<Void> ended = Promise.promise();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> daemon(task, "cairn-mcp-stdout"));
    private volatile boolean closed;

    /** Nobody else may write to {@code out}. */
    public McpStdioServer(Vertx vertx, McpHandler handler, InputStream in, OutputStream out) {
        this.vertx = vertx;
        this.handler = handler;
        this.in = in;
        this.out = out;
    }

    /**
     * Begins to serve; called once.
     *
     * @return succeeds when the input has ended and what was under way is answered, or the output is broken; never fails
     */
    public Future<Void> serve() {
        Context context = vertx.getOrCreateContext();
        daemon(() -> read(context), "cairn-mcp-stdin").start();
        return ended.future();
    }

    /** Takes and answers nothing more; called once. Succeeds when the last answer is out; the streams stay open. */
    public Future<Void> close() {
        Promise<Void> written = Promise.promise();
        closed = true;
        writer.execute(written::complete);
        writer.shutdown();
        ended.tryComplete();
        return written.future();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void read(Context context) {
        try {
            BoundedLines lines = new BoundedLines(in, MAX_LINE);
            for (BoundedLines.Line line = lines.next(); line != null && !closed; line = lines.next()) {
                if (line.tooLong()) {
                    answer(JsonRpc.error(
                            NullNode.instance,
                            JsonRpc.INVALID_REQUEST,
                            "Invalid request: the line has more than " + MAX_LINE + " bytes"));
                } else if (!line.text().isBlank()) {
                    take(context, line.text());
                }
            }
            if (!free.tryAcquire(MAX_CONCURRENT, LAST_ANSWERS_MS, TimeUnit.MILLISECONDS)) {
                LOG.info("The input ended before {} requests were answered", MAX_CONCURRENT - free.availablePermits());
            }
        } catch (IOException e) {
            LOG.warn("The input cannot be read: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.tryComplete();
        }
    }

    private void take(Context context, String line) throws InterruptedException {
        free.acquire();
        context.runOnContext(any -> handler.handle(line).onComplete(reply -> {
            String json = reply.succeeded() ? reply.result().json() : null;
            if (json == null) {
                free.release();
            } else {
                write(() -> {
                    print(json);
                    free.release();
                });
            }
        }));
    }

    private void answer(String json) throws InterruptedException {
        free.acquire();
        write(() -> {
            print(json);
            free.release();
        });
    }

    private void write(Runnable task) {
        try {
            writer.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("An answer came after the end");
        }
    }

    private void print(String json) {
        try {
            out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            if (ended.tryComplete()) {
                LOG.info("The output is closed: {}", e.getMessage());
            }
            closed = true;
        }
    }
}
