package dev.cairn.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shell script in a session of its own that outlives the worker by the moment it takes to kill what the worker
 * leaves: the end of the pipe that only the worker holds is what tells it. Started with the first child, started again and
 * told everything when it dies or does not listen any more. Thread-safe; methods that speak with it wait a second for it.
 */
final class Guardian {
    private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path PROC = Path.of("/proc/self/stat");
    /** Not in the arguments: people see those in every list of processes. */
    /** In the environment of guardians alone. */
    static final String SCRIPT_VARIABLE = "_CAIRN_GUARDIAN";

    private static final int MAX_RESPAWNS = 20;
    /** A shell answers in less than a millisecond; a busy machine may take a while to let it. */
    private static final long ANSWER_MS = 1_000;

    private static final int TRIES = 2;
    private static final boolean POSSIBLE =
            Files.isExecutable(SHELL) && Files.isExecutable(SETSID) && Files.isReadable(PROC);

    private final String cookiePrefix;
    private final @Nullable Cgroup cgroup;
    private final Set<String> told = new LinkedHashSet<>();
    private volatile @Nullable GuardianProcess current;
    private int respawns;
    private boolean dismissed;

    Guardian(String cookiePrefix, @Nullable Cgroup cgroup) {
        this.cookiePrefix = cookiePrefix;
        this.cgroup = cgroup;
    }

    /** Whether this machine can run it. */
    static boolean possible() {
        return POSSIBLE;
    }

    /**
     * Sees that one runs and listens: one that does not answer is replaced. What is started after this goes with the worker.
     *
     * @throws IOException when none can be brought to answer
     */
    synchronized void ensure() throws IOException {
        for (int i = 0; i < TRIES && !dismissed && possible(); i++) {
            GuardianProcess asked = running();
            if (asked.answers(ANSWER_MS)) {
                return;
            }
            drop(asked);
        }
        if (!dismissed && possible()) {
            throw new IOException("the guardian does not answer, and a worker that is killed would leave its children");
        }
    }

    /** Replaces it if it runs but does not listen, because nobody may ask for a long time. */
    synchronized void check() {
        GuardianProcess asked = current;
        if (asked != null && !dismissed && !asked.answers(ANSWER_MS)) {
            drop(asked);
            restart();
        }
    }

    private GuardianProcess running() throws IOException {
        GuardianProcess already = current;
        if (already != null) {
            return already;
        }
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        SETSID.toString(),
                        SHELL.toString(),
                        "-c",
                        "eval \"$" + SCRIPT_VARIABLE + "\"",
                        "cairn-guardian",
                        Cookie.VARIABLE + "=" + cookiePrefix,
                        cgroup == null ? "" : cgroup.directory().toString()))
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put(SCRIPT_VARIABLE, script());
        GuardianProcess started = new GuardianProcess(builder.start());
        current = started;
        if (!told.isEmpty() && !started.tell(String.join("", told), ANSWER_MS)) {
            LOG.debug(
                    "The guardian (pid {}) is slow to listen", started.process().pid());
        }
        var unused = started.process().onExit().thenAccept(dead -> died(started));
        return started;
    }

    /** Not by its pipe's end: then it would think that the worker is gone. */
    private void drop(GuardianProcess deaf) {
        if (current == deaf) {
            current = null;
        }
        LOG.warn(
                "The guardian (pid {}) does not answer; it is replaced",
                deaf.process().pid());
        deaf.kill();
    }

    private synchronized void died(GuardianProcess dead) {
        dead.ended();
        if (current != dead) {
            return;
        }
        current = null;
        if (dismissed || respawns >= MAX_RESPAWNS) {
            return;
        }
        respawns++;
        Process process = dead.process();
        LOG.warn("The guardian (pid {}) ended with {}; starting another", process.pid(), process.exitValue());
        restart();
    }

    private void restart() {
        try {
            running();
        } catch (IOException e) {
            LOG.error("The guardian cannot be started again: a worker that is killed would leave its children", e);
        }
    }

    /** From now on this child goes with the worker, with everything in its session when it leads one. */
    synchronized void guard(Proc proc, boolean session) {
        String line = line(session ? "c" : "p", proc);
        told.add(line);
        tell(line);
    }

    /** It and all it started are gone: its number may belong to somebody else any time now. */
    synchronized void release(Proc proc) {
        told.remove(line("c", proc));
        told.remove(line("p", proc));
        tell(line("g", proc));
    }

    private static String line(String verb, Proc proc) {
        return verb + " " + proc.pid() + " " + proc.startedAt() + "\n";
    }

    /** One that does not take it is replaced by one that is told everything. */
    private void tell(String line) {
        GuardianProcess listener = current;
        if (listener != null && !dismissed && listener.process().isAlive() && !listener.tell(line, ANSWER_MS)) {
            drop(listener);
            restart();
        }
    }

    /** Its pid; 0 when it does not run. Waits for no word with it: event loops ask. */
    long pid() {
        GuardianProcess running = current;
        return running == null ? 0 : running.process().pid();
    }

    boolean alive() {
        GuardianProcess running = current;
        return running != null && running.process().isAlive();
    }

    /** Sends it home; blocks until it is gone, at most this long, and kills it then. */
    void dismiss(long timeoutMs) throws InterruptedException {
        GuardianProcess last;
        synchronized (this) {
            dismissed = true;
            last = current;
        }
        if (last == null) {
            return;
        }
        if (!last.tell("q\n", timeoutMs) || !last.process().waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
            last.kill();
            last.process().waitFor();
        }
    }

    private static String script() throws IOException {
        try (InputStream in = Guardian.class.getResourceAsStream("guardian.sh")) {
            if (in == null) {
                throw new IOException("guardian.sh is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
