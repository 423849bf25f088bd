package dev.cairn.process;

import dev.cairn.model.CairnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three pipes of a child, each on a daemon thread of its own: the JDK has no other way to wait for them. */
final class ChildStreams {
    private static final Logger LOG = LoggerFactory.getLogger(ChildStreams.class);
    private static final int MAX_WAITING = 1_000;
    private static final int KEPT_ERRORS = 20;
    private static final int MAX_ERROR_LINE = 2_000;

    /** A line to write; an empty one is the end. */
    private record Waiting(String line, CompletableFuture<Void> written) {}

    private final String name;
    private final Process process;
    private final Runnable onEndlessLine;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Deque<String> errors = new ArrayDeque<>();
    private volatile long lastUsedNs = System.nanoTime();
    private volatile boolean busy;
    private volatile boolean closed;

    ChildStreams(String name, Process process, Runnable onEndlessLine) {
        this.name = name;
        this.process = process;
        this.onEndlessLine = onEndlessLine;
    }

    void begin() {
        thread("errors", this::readErrors);
        thread("input", this::write);
    }

    void read(Consumer<String> handler) {
        thread("output", () -> readLines(handler));
    }

    private void thread(String part, Runnable body) {
        Thread thread = new Thread(body, "cairn-" + name + "-" + part);
        thread.setDaemon(true);
        thread.start();
    }

    void busy(boolean now) {
        lastUsedNs = System.nanoTime();
        busy = now;
    }

    long idleMs() {
        return busy ? 0 : (System.nanoTime() - lastUsedNs) / 1_000_000;
    }

    synchronized List<String> lastErrors() {
        return List.copyOf(errors);
    }

    void send(String line, CompletableFuture<Void> written) {
        lastUsedNs = System.nanoTime();
        Waiting entry = new Waiting(line + "\n", written);
        if (closed || !waiting.offer(entry)) {
            written.completeExceptionally(
                    CairnException.unavailable(closed ? name + " is ending" : name + " does not read its input"));
            return;
        }
        if (closed) {
            drain();
        }
    }

    private void write() {
        OutputStream input = process.getOutputStream();
        while (!closed) {
            Waiting next;
            try {
                next = waiting.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (next.line().isEmpty()) {
                break;
            }
            try {
                input.write(next.line().getBytes(StandardCharsets.UTF_8));
                input.flush();
                next.written().complete(null);
            } catch (IOException e) {
                next.written().completeExceptionally(CairnException.unavailable(name + " has closed its input"));
            }
        }
        drain();
    }

    private void drain() {
        for (Waiting left = waiting.poll(); left != null; left = waiting.poll()) {
            left.written().completeExceptionally(CairnException.unavailable(name + " is ending"));
        }
    }

    /** The end of its input. A write that hangs in a full pipe is left to the signals that follow. */
    void closeInput() {
        closed = true;
        waiting.offer(new Waiting("", new CompletableFuture<>()));
        thread("close", () -> {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                LOG.trace("{} closed its input first", name, e);
            }
        });
    }

    /** Everything is gone. A stream that somebody unrelated inherited must not keep a thread. */
    void close() {
        if (!closed) {
            closeInput();
        }
    }

    private void readLines(Consumer<String> handler) {
        StringBuilder line = new StringBuilder();
        char[] chunk = new char[8192];
        try (InputStreamReader reader = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int count = reader.read(chunk); count >= 0; count = reader.read(chunk)) {
                lastUsedNs = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    if (chunk[i] == '\n') {
                        handler.accept(line.toString());
                        line.setLength(0);
                    } else {
                        line.append(chunk[i]);
                    }
                }
                if (line.length() > Child.MAX_LINE) {
                    LOG.warn("{} writes a line of more than {} characters; ending it", name, Child.MAX_LINE);
                    onEndlessLine.run();
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("The output of {} ended: {}", name, e.getMessage());
        }
    }

    private void readErrors() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String kept = line.length() > MAX_ERROR_LINE ? line.substring(0, MAX_ERROR_LINE) : line;
                LOG.debug("{}: {}", name, kept);
                synchronized (this) {
                    if (errors.size() == KEPT_ERRORS) {
                        errors.removeFirst();
                    }
                    errors.addLast(kept);
                }
            }
        } catch (IOException e) {
            LOG.debug("The errors of {} ended: {}", name, e.getMessage());
        }
    }
}
