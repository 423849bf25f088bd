package dev.cairn.worker;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that started the worker, if one did, that it is ready, that it lives and that it stops:
 * systemd by the datagrams of {@code sd_notify(3)}, PM2 by a line on the channel that Node gives its children.
 *
 * <p>Without their variables nothing is sent and no native library is loaded. A message that cannot be sent is logged, the
 * first time, and never keeps the worker from its work. Thread-safe; no method blocks: a thread of its own sends.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int QUEUE = 16;
    private static final long IDLE_S = 5;

    /** Sends one message; blocks, but not for long. */
    interface Line {
        void send(String message) throws IOException;
    }

    private final @Nullable Line systemd;
    private final @Nullable Line node;
    private final long watchdogMs;
    private final long pid;
    private final Executor sender = sender();
    private final AtomicBoolean failed = new AtomicBoolean();
    private boolean stopping;
    private @Nullable LoopWatch watch;

    private ServiceManager(@Nullable Line systemd, @Nullable Line node, long watchdogMs, long pid) {
        this.systemd = systemd;
        this.node = node;
        this.watchdogMs = watchdogMs;
        this.pid = pid;
    }

    /**
     * What the variables NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID and NODE_CHANNEL_FD ask for; one that is not understood
     * is logged and left alone.
     *
     * @param pid of this process
     */
    static ServiceManager of(Map<String, String> environment, long pid) {
        if (!LocalSockets.supported()) {
            return new ServiceManager(null, null, 0, pid);
        }
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        Line systemd = socket.isEmpty() ? null : message -> LocalSockets.sendDatagram(socket, message);
        return new ServiceManager(systemd, node(environment), watchdogMs(environment, pid), pid);
    }

    private static @Nullable Line node(Map<String, String> environment) {
        String descriptor = environment.getOrDefault("NODE_CHANNEL_FD", "");
        if (descriptor.isEmpty()) {
            return null;
        }
        long fd = number("NODE_CHANNEL_FD", descriptor);
        if (fd <= 2 || fd > Integer.MAX_VALUE) {
            return null;
        }
        if (environment.getOrDefault("NODE_CHANNEL_SERIALIZATION_MODE", "json").equals("advanced")) {
            LOG.warn("The channel of NODE_CHANNEL_FD does not speak JSON; nobody is told that the worker is ready");
            return null;
        }
        return message -> LocalSockets.write((int) fd, message);
    }

    private static long watchdogMs(Map<String, String> environment, long pid) {
        String forWhom = environment.getOrDefault("WATCHDOG_PID", "");
        String limit = environment.getOrDefault("WATCHDOG_USEC", "");
        if (limit.isEmpty() || (!forWhom.isEmpty() && !forWhom.equals(String.valueOf(pid)))) {
            return 0;
        }
        return TimeUnit.MICROSECONDS.toMillis(number("WATCHDOG_USEC", limit));
    }

    private static long number(String variable, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            LOG.warn("{}='{}' is not a number; it is left alone", variable, text);
            return 0;
        }
    }

    /** Says that every link serves, and from now on that the event loops answer, for as long as they do. */
    synchronized void ready(Vertx vertx, String status) {
        if (stopping) {
            return;
        }
        tell(systemd, "READY=1\nSTATUS=" + status + "\nMAINPID=" + pid);
        tell(node, "\"ready\"\n");
        if (systemd != null && watchdogMs > 0) {
            watch = new LoopWatch(vertx, Math.max(1, watchdogMs / 2), () -> tell(systemd, "WATCHDOG=1"));
            watch.begin();
        }
    }

    /** Says that the stop has begun. */
    synchronized void stopping() {
        stopping = true;
        if (watch != null) {
            watch.end();
        }
        tell(systemd, "STOPPING=1\nSTATUS=Stopping");
    }

    private void tell(@Nullable Line line, String message) {
        if (line == null) {
            return;
        }
        try {
            sender.execute(() -> send(line, message));
        } catch (RejectedExecutionException e) {
            complain(new IOException(QUEUE + " messages wait to be sent already"));
        }
    }

    private void send(Line line, String message) {
        try {
            line.send(message);
        } catch (IOException | LinkageError e) {
            complain(e);
        }
    }

    private void complain(Throwable failure) {
        if (failed.compareAndSet(false, true)) {
            LOG.warn("The service manager was not told how the worker is: {}", failure.getMessage());
        }
    }

    private static Executor sender() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "cairn-service-manager");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
