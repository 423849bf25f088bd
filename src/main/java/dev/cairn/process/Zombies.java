package dev.cairn.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Collects what has ended below this process when nobody waits for it. The JVM waits for all that was started in it, by whomever:
 * were one of these collected here, whoever asks for its exit code would be told a wrong one. Not thread-safe.
 */
final class Zombies {
    /** The JVM collects its own within moments. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    /** A pid alone may be another's by the next look. */
    private record Ended(long pid, long startedAt) {
        static Ended of(Proc proc) {
            return new Ended(proc.pid(), proc.startedAt());
        }
    }

    private final Platform platform;
    private final Proc self;
    private final boolean exclusive;
    /** Since when. */
    private final Map<Ended, Long> waiting = new HashMap<>();

    /** @param exclusive whether nothing else in this JVM starts processes */
    Zombies(Platform platform, Proc self, boolean exclusive) {
        this.platform = platform;
        this.self = self;
        this.exclusive = exclusive;
    }

    /** Collects those that have been there for a while. */
    void look(List<Proc> ended) {
        long now = System.nanoTime();
        List<Ended> possible =
                ended.stream().filter(this::mayBeAChilds).map(Ended::of).toList();
        waiting.keySet().retainAll(possible);
        for (Ended each : possible) {
            if (now - waiting.computeIfAbsent(each, first -> now) >= PATIENCE_NS) {
                platform.collect(each.pid());
                waiting.remove(each);
            }
        }
    }

    /** Whether another look is needed. */
    boolean areLeft() {
        return !waiting.isEmpty();
    }

    /** Collects them now: there is no later look, and all children are gone. */
    void lastLook(List<Proc> ended) {
        ended.stream().filter(this::mayBeAChilds).forEach(proc -> platform.collect(proc.pid()));
    }

    private boolean mayBeAChilds(Proc proc) {
        // What a child started is in that child's session, or in one of its own; what others here started is in this
        // one.
        return exclusive || proc.session() != self.session();
    }
}
