package dev.cairn.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Two ways to put load on a server. Times are kept in nanoseconds. */
final class Load {
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);

    /** Makes the requests of one connection, the {@code i}-th at a time. */
    interface Requests {
        byte[] request(Connection connection, int client, int i);
    }

    /** What came of a run. */
    record Result(Histogram latency, long requests, double seconds) {
        double rate() {
            return requests / seconds;
        }

        double micros(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1_000.0;
        }
    }

    private Load() {}

    /**
     * Closed loop: each connection sends its next request when it has the answer to the last. Gives the rate a server can
     * sustain; its latencies hide what a waiting caller would have seen.
     */
    static Result closed(int port, int connections, double seconds, Requests requests) throws Exception {
        return run(port, connections, seconds, (connection, client, begin, end, histogram) -> {
            int i = 0;
            for (long now = System.nanoTime(); now < end; i++) {
                connection.exchange(requests.request(connection, client, i));
                long done = System.nanoTime();
                histogram.recordValue(Math.min(done - now, MAX_NS));
                now = done;
            }
            return i;
        });
    }

    /**
     * Open model: requests are due at a fixed rate, and latency counts from when a request was due, so a stalled server
     * cannot hide the queue it makes (no coordinated omission).
     */
    static Result paced(int port, int connections, double perSecond, double seconds, Requests requests)
            throws Exception {
        long interval = (long) (1e9 * connections / perSecond);
        return run(port, connections, seconds, (connection, client, begin, end, histogram) -> {
            int i = 0;
            long due = begin + interval * client / connections;
            for (; due < end; due += interval, i++) {
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                connection.exchange(requests.request(connection, client, i));
                histogram.recordValue(Math.min(System.nanoTime() - due, MAX_NS));
            }
            return i;
        });
    }

    private interface Loop {
        long run(Connection connection, int client, long begin, long end, Histogram histogram) throws IOException;
    }

    private static Result run(int port, int connections, double seconds, Loop loop) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
            long end = begin + (long) (seconds * 1e9);
            List<Future<Histogram>> running = new ArrayList<>();
            for (int client = 0; client < connections; client++) {
                int number = client;
                Callable<Histogram> body = () -> {
                    Histogram histogram = new Histogram(MAX_NS, 3);
                    try (Connection connection = new Connection(port)) {
                        loop.run(connection, number, begin, end, histogram);
                    }
                    return histogram;
                };
                running.add(threads.submit(body));
            }
            Histogram all = new Histogram(MAX_NS, 3);
            for (Future<Histogram> one : running) {
                all.add(get(one));
            }
            return new Result(all, all.getTotalCount(), (System.nanoTime() - begin) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Histogram get(Future<Histogram> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
