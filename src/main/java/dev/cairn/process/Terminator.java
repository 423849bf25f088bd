package dev.cairn.process;

import dev.cairn.process.Child.Exit;
import dev.cairn.process.Child.Step;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a child with everything it started: end of input, SIGTERM, SIGKILL, each only when the one before was not enough. It is
 * ended when two looks at all processes in a row have found nothing of it, in a hurry too.
 */
final class Terminator {
    private static final Logger LOG = LoggerFactory.getLogger(Terminator.class);
    /** No event tells of the end of a process that is not our own child. */
    private static final long LOOK_MS = 15;

    private static final int CLEAN_LOOKS = 2;
    private static final long STUCK_MS = 2_000;

    private final Platform platform;
    private final Function<OwnedChild, List<Proc>> members;
    private final CompletableFuture<Void> hurried = new CompletableFuture<>();

    /** @param members looks at all processes for those of a child; ended ones are not among them */
    Terminator(Platform platform, Function<OwnedChild, List<Proc>> members) {
        this.platform = platform;
        this.members = members;
    }

    /** From now on no child is given time: neither those that are being ended nor any after them. */
    void hurry() {
        hurried.complete(null);
    }

    /** Blocks until the whole tree is gone. */
    Exit end(OwnedChild child, boolean graceful) throws InterruptedException {
        Step step = Step.ITSELF;
        child.streams().closeInput();
        if (graceful) {
            step = Step.EOF;
            awaitRoot(child, child.spec().eofGraceMs());
        }
        List<Proc> left = members.apply(child);
        if (!left.isEmpty() && !hurried.isDone()) {
            step = Step.TERM;
            signal(child, left, Platform.TERM);
            left = awaitAll(child, child.spec().termGraceMs());
        }
        if (!left.isEmpty()) {
            step = Step.KILL;
        }
        int clean = 0;
        long begin = System.nanoTime();
        boolean told = false;
        while (clean < CLEAN_LOOKS) {
            if (left.isEmpty()) {
                clean++;
            } else {
                clean = 0;
                killGroup(child);
                signal(child, left, Platform.KILL);
                Thread.sleep(LOOK_MS);
                if (!told && System.nanoTime() - begin > STUCK_MS * 1_000_000) {
                    told = true;
                    LOG.error("{} (pid {}) does not die: {}", child.kind(), child.pid(), left);
                }
            }
            left = members.apply(child);
        }
        return new Exit(child.process().waitFor(), step);
    }

    private static void killGroup(OwnedChild child) {
        Cgroup group = child.cgroup();
        try {
            if (group != null) {
                group.kill();
            }
        } catch (IOException e) {
            LOG.warn("The control group of {} (pid {}) cannot be killed", child.kind(), child.pid(), e);
        }
    }

    private void signal(OwnedChild child, List<Proc> left, int signal) {
        // Only while a member is in it is the group's number surely the child's own.
        if (left.stream().anyMatch(proc -> proc.group() == child.pid())) {
            platform.signalGroup(child.pid(), signal);
        }
        for (Proc proc : left) {
            if (proc.group() != child.pid() || signal == Platform.KILL) {
                platform.signal(proc.pid(), proc.startedAt(), signal);
            }
        }
    }

    private void awaitRoot(OwnedChild child, long timeoutMs) throws InterruptedException {
        try {
            CompletableFuture.anyOf(child.process().onExit(), hurried).get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("{} (pid {}) did not end in {} ms", child.kind(), child.pid(), timeoutMs);
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process does not fail", e);
        }
    }

    private List<Proc> awaitAll(OwnedChild child, long timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + timeoutMs * 1_000_000;
        awaitRoot(child, timeoutMs);
        List<Proc> left = members.apply(child);
        while (!left.isEmpty() && !hurried.isDone() && System.nanoTime() < end) {
            Thread.sleep(LOOK_MS);
            left = members.apply(child);
        }
        return left;
    }
}
