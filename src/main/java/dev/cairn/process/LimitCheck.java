package dev.cairn.process;

import dev.cairn.config.ProcessConfig;
import dev.cairn.config.ProcessConfig.Limits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds what a child's tree uses against the limits of its kind. Not thread-safe: part of the sweep. */
final class LimitCheck {
    /** Long enough that a burst of work is no breach, in milliseconds. */
    static final long CPU_WINDOW_MS = 60_000;

    /** When a window began: the child's age and the processor time it had used by then, in milliseconds. */
    private record Window(long ageMs, long cpuMs) {}

    private final ProcessConfig config;
    private final long cpuWindowMs;
    private final Map<Integer, Window> windows = new HashMap<>();

    LimitCheck(ProcessConfig config, long cpuWindowMs) {
        this.config = config;
        this.cpuWindowMs = cpuWindowMs;
    }

    /** The limit it is over, its key first, with what it uses; null when it is within all. */
    @Nullable
    String breach(OwnedChild child) {
        Limits limits = config.limitsOf(child.kind());
        OwnedChild.Usage usage = child.usage();
        if (over(usage.memoryBytes(), limits.memoryBytes())) {
            return "memoryBytes " + usage.memoryBytes() + " of " + limits.memoryBytes();
        }
        if (over(usage.processes(), limits.processes())) {
            return "processes " + usage.processes() + " of " + limits.processes();
        }
        if (over(child.ageMs(), limits.maxAgeMs())) {
            return "maxAgeMs " + limits.maxAgeMs();
        }
        if (over(child.idleMs(), limits.idleMs())) {
            return "idleMs " + limits.idleMs();
        }
        return limits.cpus() > 0 ? tooBusy(child, limits.cpus()) : null;
    }

    private static boolean over(long value, long limit) {
        return limit > 0 && value > limit;
    }

    private @Nullable String tooBusy(OwnedChild child, double cpus) {
        Window now = new Window(child.ageMs(), child.usage().cpuMs());
        Window began = windows.putIfAbsent(child.number(), now);
        if (began == null || now.ageMs() - began.ageMs() < cpuWindowMs) {
            return null;
        }
        windows.put(child.number(), now);
        double busy = (double) (now.cpuMs() - began.cpuMs()) / (now.ageMs() - began.ageMs());
        return busy > cpus ? "cpus " + Math.round(busy * 100) / 100.0 + " of " + cpus : null;
    }

    void forget(OwnedChild child) {
        windows.remove(child.number());
    }
}
