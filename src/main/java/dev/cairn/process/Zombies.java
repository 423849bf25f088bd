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

    private final Platform platform;
    private final Proc self;
    private final boolean exclusive;
    /** Since when, by pid. */
    private final Map<Long, Long> waiting = new HashMap<>();

    /** @param exclusive whether nothing else in this JVM starts processes */
    Zombies(Platform platform, Proc self, boolean exclusive) {
        this.platform = platform;
        this.self = self;
        this.exclusive = exclusive;
    }

    /** Collects those that have been there for a while. */
    void look(List<Proc> ended) {
        long now = System.nanoTime();
        List<Proc> possible = ended.stream().filter(this::mayBeAChilds).toList();
        waiting.keySet().retainAll(possible.stream().map(Proc::pid).toList());
        for (Proc proc : possible) {
            if (now - waiting.computeIfAbsent(proc.pid(), first -> now) >= PATIENCE_NS) {
                platform.collect(proc.pid());
                waiting.remove(proc.pid());
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
