package dev.cairn.process;

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
    private static final int KEPT_STRAYS = 100;
    private static final long GUARDIAN_MS = 2_000;
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
    private final LimitCheck limits;
    private final Zombies zombies;
    private final Leaks leaks;
    private final Set<Long> reported = new HashSet<>();
    private volatile List<Proc> strays = List.of();
    /** Apart from the sweep's own lock: a spawn wakes the sweeper from within the gate, for which a sweep may wait. */
    private final Object clock = new Object();

    private @Nullable ScheduledFuture<?> ticking;
    private long ticks;

    /** @param adopteesAreOurs whether a process that is handed to this one can only be a child's */
    Sweeper(Supervisor supervisor, LimitCheck limits, Zombies zombies, boolean adopteesAreOurs) {
        this.supervisor = supervisor;
        this.limits = limits;
        this.zombies = zombies;
        this.leaks = new Leaks(supervisor);
        this.adopteesAreOurs = adopteesAreOurs;
    }

    /** There is a child to watch. */
    void wake(OwnedChild child) {
        leaks.born(child);
        synchronized (clock) {
            if (ticking == null && !timer.isShutdown()) {
                long period = supervisor.config().sweepMs();
                ticking = timer.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void restWhenIdle() {
        synchronized (clock) {
            if (supervisor.children().isEmpty() && strays.isEmpty() && !zombies.areLeft() && ticking != null) {
                ticking.cancel(false);
                ticking = null;
            }
        }
    }

    private void tick() {
        try {
            sweep();
            if (++ticks % Math.max(1, GUARDIAN_MS / supervisor.config().sweepMs()) == 0) {
                supervisor.guardian().check();
            }
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
        zombies.look(view.ended());
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
        String breach = limits.breach(child);
        if (breach != null && child.state() == Child.State.RUNNING) {
            child.breached(breach);
            supervisor.observers().breached(child, breach);
            child.stop("limit: " + breach);
        }
        long stoppingMs = child.stoppingMs();
        if (stoppingMs > supervisor.config().alerts().stopMs() && child.becomesOverdue()) {
            supervisor.observers().overdue(child, stoppingMs, members);
        }
    }

    /** Those of the strangers that can only be a child's, although it is not known whose. */
    List<Proc> ours(List<Proc> strangers) {
        return strangers.stream().filter(this::isOurs).toList();
    }

    private boolean isOurs(Proc stranger) {
        return adopteesAreOurs || supervisor.marked(stranger);
    }

    /** Whether somebody else in this JVM started it, another worker among them, or looks after it. */
    private boolean isAnothers(Proc stranger) {
        Platform platform = supervisor.platform();
        return !isOurs(stranger)
                && (stranger.session() == supervisor.self().session()
                        || platform.variable(stranger.pid(), Cookie.VARIABLE) != null
                        || platform.variable(stranger.pid(), Guardian.SCRIPT_VARIABLE) != null);
    }

    private int strangers(List<Proc> found) {
        List<Proc> left = found;
        if (!found.isEmpty()) {
            supervisor.gate().awaitPassing();
            left = supervisor.view(supervisor.surroundings()).strangers().stream()
                    .filter(proc -> !isAnothers(proc))
                    .toList();
        }
        int ended = 0;
        Map<Long, Integer> seenNow = new HashMap<>();
        for (Proc proc : left) {
            int count = looks.getOrDefault(proc.pid(), 0) + 1;
            seenNow.put(proc.pid(), count);
            boolean ours = isOurs(proc);
            if (!ours && reported.add(proc.pid())) {
                LOG.warn(
                        "Process {} (pid {}) is nobody's; it cannot be proven ours and is left alone",
                        proc.name(),
                        proc.pid());
                supervisor.observers().stray(proc, false);
            } else if (ours && count >= LOOKS_BEFORE_KILL) {
                String kind = leaks.kindOf(proc);
                if (supervisor.platform().signal(proc.pid(), proc.startedAt(), Platform.KILL)) {
                    ended++;
                    supervisor.observers().stray(proc, true);
                    leaks.found(proc, kind);
                }
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
        limits.forget(child);
        supervisor.guardian().release(child.root());
    }

    /** The last looks: until two in a row find nothing that is ours. Blocks. */
    synchronized void last() throws InterruptedException {
        int clean = 0;
        for (int i = 0; clean < 2 && i < 100; i++) {
            Kinship.View view = supervisor.view(supervisor.platform().all());
            zombies.lastLook(view.ended());
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
