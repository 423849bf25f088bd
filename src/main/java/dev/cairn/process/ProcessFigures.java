package dev.cairn.process;

import static java.util.stream.Collectors.joining;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens to children, for {@code /metrics} and the log. */
final class ProcessFigures implements ChildObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessFigures.class);

    private static final int NAMED = 5;

    private final MeterRegistry registry;
    private final Alarm alarm;

    /** Who is told what a person should know. */
    interface Alarm {
        void raise(String what, String kind, String message);
    }

    ProcessFigures(MeterRegistry registry, Alarm alarm) {
        this.registry = registry;
        this.alarm = alarm;
    }

    void watch(Supervisor supervisor) {
        for (String kind : dev.cairn.config.Keys.CHILD_KINDS) {
            Gauge.builder(
                            "cairn.children",
                            supervisor,
                            open -> open.children().stream()
                                    .filter(child -> child.kind().equals(kind))
                                    .count())
                    .tag("kind", kind)
                    .description("Children that run now")
                    .register(registry);
            Gauge.builder(
                            "cairn.children.memory",
                            supervisor,
                            open -> open.children().stream()
                                    .filter(child -> child.kind().equals(kind))
                                    .mapToLong(child -> child.usage().memoryBytes())
                                    .sum())
                    .tag("kind", kind)
                    .baseUnit("bytes")
                    .description("Resident memory of the children and all they started")
                    .register(registry);
        }
        Gauge.builder(
                        "cairn.strays",
                        supervisor,
                        open -> open.sweeper().strays().size())
                .description("Processes nobody owns, seen at the last look")
                .register(registry);
    }

    void reaped(int count) {
        counter("cairn.processes.reaped", "of", "earlier").increment(count);
    }

    @Override
    public void spawned(OwnedChild child, long tookMs) {
        LOG.info("Started {} (pid {}) for {} in {} ms", child.kind(), child.pid(), child.owner(), tookMs);
        counter("cairn.children.spawned", "kind", child.kind()).increment();
    }

    @Override
    public void ended(OwnedChild child, Child.Exit exit, long tookMs) {
        String step = exit.step().name().toLowerCase(Locale.ROOT);
        LOG.info("Ended {} (pid {}) with {}, step {}, in {} ms", child.kind(), child.pid(), exit.code(), step, tookMs);
        counter("cairn.children.ended", "kind", child.kind(), "step", step).increment();
        Timer.builder("cairn.children.stop")
                .tag("kind", child.kind())
                .register(registry)
                .record(tookMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void overdue(OwnedChild child, long stoppingMs, List<Proc> left) {
        counter("cairn.children.overdue", "kind", child.kind()).increment();
        String names = left.stream()
                .limit(NAMED)
                .map(proc -> proc.name() + " (pid " + proc.pid() + ")")
                .collect(joining(", "));
        alarm.raise(
                "stopOverdue",
                child.kind(),
                child.kind() + " (pid " + child.pid() + ") has not ended after " + stoppingMs + " ms; left: " + names);
    }

    @Override
    public void leaked(String kind, Proc proc, int owned, boolean recycled) {
        counter("cairn.children.leaks", "kind", kind).increment();
        alarm.raise(
                "leak",
                kind,
                proc.name() + " (pid " + proc.pid() + ") of kind " + kind + " ran beside the " + owned
                        + " that are owned; it was ended" + (recycled ? ", and these are recycled" : ""));
    }

    @Override
    public void stray(Proc proc, boolean ended) {
        counter("cairn.processes.strays", "ended", String.valueOf(ended)).increment();
        alarm.raise(
                "stray",
                "",
                proc.name() + " (pid " + proc.pid() + ") was left behind"
                        + (ended ? " and ended" : "; it is left alone"));
    }

    @Override
    public void breached(OwnedChild child, String limit) {
        // To be idle or old is no fault of the child's.
        if (limit.startsWith("idleMs") || limit.startsWith("maxAgeMs")) {
            LOG.info("Ending {} (pid {}): {}", child.kind(), child.pid(), limit);
        } else {
            alarm.raise("limit", child.kind(), child.kind() + " (pid " + child.pid() + ") is over its limit: " + limit);
        }
        counter("cairn.children.breaches", "kind", child.kind(), "limit", limit.substring(0, limit.indexOf(' ')))
                .increment();
    }

    @Override
    public void circuitOpened(String owner, String why) {
        counter("cairn.children.circuits", "owner", owner).increment();
        alarm.raise("circuit", "", owner + "'s child is open: " + why);
    }

    private Counter counter(String name, String... tags) {
        return Counter.builder(name).tags(tags).register(registry);
    }
}
