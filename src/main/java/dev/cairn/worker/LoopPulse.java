package dev.cairn.worker;

import dev.cairn.bus.PartStatus;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feels the pulse of every event loop from a thread of its own: a loop that is blocked cannot tell that it is.
 *
 * <p>A loop that takes longer than {@link #LATE_MS} shows in health; one that takes longer than the configured time ends the
 * JVM, where the JVM is the worker's own, so that whoever supervises it starts another. Thread-safe.
 */
final class LoopPulse {
    /** How long a loop may take to answer before it counts as blocked. */
    static final long LATE_MS = 2_000;

    /** What the JVM ends with. */
    static final int EXIT_CODE = 70;

    private static final Logger LOG = LoggerFactory.getLogger(LoopPulse.class);
    private static final long BEAT_MS = 500;
    private static final int FRAMES = 12;

    private static final class Beat {
        private final EventExecutor loop;
        private volatile long askedAt;
        private volatile boolean waiting;
        private boolean told;

        private Beat(EventExecutor loop) {
            this.loop = loop;
        }

        private long lateMs(long now) {
            long asked = askedAt;
            return waiting ? TimeUnit.NANOSECONDS.toMillis(now - asked) : 0;
        }
    }

    private final @Nullable Runnable end;
    private volatile List<Beat> beats = List.of();
    private volatile boolean ended;

    /** @param end ends the JVM, and may block; null where the JVM is somebody else's */
    LoopPulse(@Nullable Runnable end) {
        this.end = end;
    }

    /**
     * Begins; once only.
     *
     * @param haltMs after how long the JVM is ended; 0 never
     */
    void begin(Vertx vertx, long haltMs) {
        List<Beat> all = new ArrayList<>();
        ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loop -> all.add(new Beat(loop)));
        beats = List.copyOf(all);
        Thread thread = new Thread(() -> run(haltMs), "cairn-loop-pulse");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends with the stop, which has a watchdog of its own. */
    void end() {
        ended = true;
    }

    /** For health: whether every loop answers. */
    PartStatus status() {
        long now = System.nanoTime();
        long late = beats.stream().mapToLong(beat -> beat.lateMs(now)).max().orElse(0);
        return late < LATE_MS
                ? PartStatus.up(Map.of())
                : new PartStatus(false, "blocked", Map.of("blockedMs", String.valueOf(late)));
    }

    private void run(long haltMs) {
        long before = System.nanoTime();
        while (!ended) {
            long now = System.nanoTime();
            // A machine that slept, or a JVM that was stopped, held the loops and this thread alike.
            boolean held = now - before > TimeUnit.MILLISECONDS.toNanos(BEAT_MS + LATE_MS / 2);
            before = now;
            for (Beat beat : beats) {
                if (held) {
                    beat.askedAt = now;
                }
                if (!ask(beat, now)) {
                    return;
                }
                judge(beat, now, haltMs);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(BEAT_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean ask(Beat beat, long now) {
        if (beat.waiting) {
            return true;
        }
        beat.askedAt = now;
        beat.waiting = true;
        try {
            beat.loop.execute(() -> beat.waiting = false);
            return true;
        } catch (RejectedExecutionException e) {
            // Its Vert.x has been closed.
            beat.waiting = false;
            return false;
        }
    }

    private void judge(Beat beat, long now, long haltMs) {
        long late = beat.lateMs(now);
        if (late < LATE_MS) {
            if (beat.told) {
                beat.told = false;
                LOG.info("The event loop answers again");
            }
            return;
        }
        if (!beat.told) {
            beat.told = true;
            LOG.warn("An event loop has not answered for {} ms; it is at{}", late, stack(beat.loop));
        }
        if (end != null && haltMs > 0 && late >= haltMs && !ended) {
            ended = true;
            LOG.error("An event loop has not answered for {} ms; the worker ends. It is at{}", late, stack(beat.loop));
            end.run();
        }
    }

    private static String stack(EventExecutor loop) {
        if (!(loop instanceof SingleThreadEventExecutor executor)) {
            return " an unknown place";
        }
        StringBuilder text = new StringBuilder();
        StackTraceElement[] frames = executor.threadProperties().stackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append("\n    ").append(frames[i]);
        }
        return text.toString();
    }
}
