package dev.cairn.process;

import dev.cairn.config.ProcessConfig.Limits;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the children's trees from time to time while there are any, because no event tells of a process that left its
 * tree: learns who belongs to whom, ends what was left behind, collects what has ended, and measures against the limits.
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long MINUTE_MS = 60_000;
    private static final int KEPT_STRAYS = 100;
    /** A stray may be a process that is just being entered in the books. */
    private static final int LOOKS_BEFORE_KILL = 2;

    private final Supervisor supervisor;
    private final boolean adopteesAreOurs;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(body -> {
        Thread thread = new Thread(body, "cairn-sweep");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Long, Proc> guarded = new HashMap<>();
    private final Map<Long, Integer> looks = new HashMap<>();
    private final Map<Integer, long[]> minuteBegan = new HashMap<>();
    private final Set<Long> reported = new HashSet<>();
    private volatile List<Proc> strays = List.of();
    /** Apart from the sweep's own lock: a spawn wakes the sweeper from within the gate, for which a sweep may wait. */
    private final Object clock = new Object();

    private @Nullable ScheduledFuture<?> ticking;

    /** @param adopteesAreOurs whether a process that is handed to this one can only be a child's */
    Sweeper(Supervisor supervisor, boolean adopteesAreOurs) {
        this.supervisor = supervisor;
        this.adopteesAreOurs = adopteesAreOurs;
    }

    /** There is a child to watch. */
    void wake() {
        synchronized (clock) {
            if (ticking == null && !timer.isShutdown()) {
                long period = supervisor.config().sweepMs();
                ticking = timer.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void restWhenIdle() {
        synchronized (clock) {
            if (supervisor.children().isEmpty() && strays.isEmpty() && ticking != null) {
                ticking.cancel(false);
                ticking = null;
            }
        }
    }

    private void tick() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.error("A sweep failed", e);
        }
    }

    /** Those nobody owns that were seen at the last look. Waits for no sweep: event loops ask. */
    List<Proc> strays() {
        return strays;
    }

    /** One look. Returns how many strays were ended. */
    synchronized int sweep() {
        Kinship.View view = supervisor.view(supervisor.surroundings());
        view.ended().forEach(proc -> supervisor.platform().collect(proc.pid()));
        for (OwnedChild child : supervisor.children()) {
            learn(child, view.of(child));
            measure(child, view.of(child));
        }
        int ended = strangers(view.strangers());
        restWhenIdle();
        return ended;
    }

    private void learn(OwnedChild child, List<Proc> members) {
        for (Proc proc : members) {
            boolean news = child.remember(proc);
            boolean covered = proc.pid() == child.pid() || (child.ledSession() && proc.session() == child.pid());
            if (!covered && (news || !guarded.containsKey(proc.pid()))) {
                guarded.put(proc.pid(), proc);
                supervisor.guardian().guard(proc, false);
                try {
                    supervisor
                            .registry()
                            .kin(child.number(), proc, supervisor.platform().birthmark(proc.pid()));
                } catch (IOException e) {
                    LOG.warn("{} (pid {}) is not in the registry", proc.name(), proc.pid(), e);
                }
            }
        }
        child.forgetAllBut(members);
        guarded.values().removeIf(proc -> {
            Proc now = supervisor.platform().read(proc.pid());
            boolean gone = now == null || now.startedAt() != proc.startedAt();
            if (gone) {
                // Its number may be given to somebody else any time.
                supervisor.guardian().release(proc);
            }
            return gone;
        });
    }

    private void measure(OwnedChild child, List<Proc> members) {
        long memory = members.stream().mapToLong(Proc::memoryBytes).sum();
        long cpu = members.stream().mapToLong(Proc::cpuMs).sum();
        child.used(new OwnedChild.Usage(memory, cpu, members.size()));
        String breach = breach(child, supervisor.config().limitsOf(child.kind()));
        if (breach != null && child.state() == Child.State.RUNNING) {
            child.breached(breach);
            supervisor.observers().breached(child, breach);
            child.stop("limit: " + breach);
        }
    }

    private @Nullable String breach(OwnedChild child, Limits limits) {
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
        if (limits.cpus() > 0) {
            long[] began =
                    minuteBegan.computeIfAbsent(child.number(), any -> new long[] {child.ageMs(), usage.cpuMs()});
            long passed = child.ageMs() - began[0];
            if (passed >= MINUTE_MS) {
                long used = usage.cpuMs() - began[1];
                minuteBegan.remove(child.number());
                if (used > passed * limits.cpus()) {
                    return "cpus " + (double) used / passed + " of " + limits.cpus();
                }
            }
        }
        return null;
    }

    private static boolean over(long value, long limit) {
        return limit > 0 && value > limit;
    }

    /** Those of the strangers that can only be a child's, although it is not known whose. */
    List<Proc> ours(List<Proc> strangers) {
        return strangers.stream().filter(this::isOurs).toList();
    }

    private boolean isOurs(Proc stranger) {
        // A stranger with a mark has that of this generation.
        return adopteesAreOurs || supervisor.platform().variable(stranger.pid(), Cookie.VARIABLE) != null;
    }

    private int strangers(List<Proc> found) {
        List<Proc> left = found;
        if (!found.isEmpty()) {
            supervisor.gate().awaitPassing();
            left = supervisor.view(supervisor.surroundings()).strangers();
        }
        int ended = 0;
        Map<Long, Integer> seenNow = new HashMap<>();
        for (Proc proc : left) {
            int count = looks.getOrDefault(proc.pid(), 0) + 1;
            seenNow.put(proc.pid(), count);
            boolean ours = adopteesAreOurs || supervisor.platform().variable(proc.pid(), Cookie.VARIABLE) != null;
            if (!ours && reported.add(proc.pid())) {
                LOG.warn(
                        "Process {} (pid {}) is nobody's; it cannot be proven ours and is left alone",
                        proc.name(),
                        proc.pid());
                supervisor.observers().stray(proc, false);
            } else if (ours
                    && count >= LOOKS_BEFORE_KILL
                    && supervisor.platform().signal(proc.pid(), proc.startedAt(), Platform.KILL)) {
                ended++;
                supervisor.observers().stray(proc, true);
            }
        }
        looks.clear();
        looks.putAll(seenNow);
        reported.retainAll(seenNow.keySet());
        strays = left.size() > KEPT_STRAYS ? List.copyOf(left.subList(0, KEPT_STRAYS)) : List.copyOf(left);
        return ended;
    }

    /** A child's tree is gone. */
    synchronized void released(OwnedChild child) {
        minuteBegan.remove(child.number());
        supervisor.guardian().release(child.root());
    }

    /** The last looks: until two in a row find nothing that is ours. Blocks. */
    synchronized void last() throws InterruptedException {
        int clean = 0;
        for (int i = 0; clean < 2 && i < 100; i++) {
            Kinship.View view = supervisor.view(supervisor.platform().all());
            view.ended().forEach(proc -> supervisor.platform().collect(proc.pid()));
            List<Proc> ours = ours(view.strangers());
            for (Proc proc : ours) {
                supervisor.platform().signal(proc.pid(), proc.startedAt(), Platform.KILL);
                supervisor.observers().stray(proc, true);
            }
            clean = ours.isEmpty() ? clean + 1 : 0;
            if (!ours.isEmpty()) {
                Thread.sleep(15);
            }
        }
    }

    /** No more looks by itself. */
    void close() {
        timer.shutdown();
    }
}
