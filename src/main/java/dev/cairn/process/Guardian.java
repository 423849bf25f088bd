package dev.cairn.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * told everything when it dies. Thread-safe.
 */
final class Guardian {
    private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path PROC = Path.of("/proc/self/stat");
    private static final int MAX_RESPAWNS = 20;
    private static final boolean POSSIBLE =
            Files.isExecutable(SHELL) && Files.isExecutable(SETSID) && Files.isReadable(PROC);

    private final String cookiePrefix;
    private final @Nullable Cgroup cgroup;
    private final Set<String> told = new LinkedHashSet<>();
    private volatile @Nullable Process process;
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

    /** Starts it unless it runs. */
    synchronized void ensure() throws IOException {
        if (process != null || dismissed || !possible()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        SETSID.toString(),
                        SHELL.toString(),
                        "-c",
                        script(),
                        "cairn-guardian",
                        Cookie.VARIABLE + "=" + cookiePrefix,
                        cgroup == null ? "" : cgroup.directory().toString()))
                .directory(Path.of("/").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C");
        Process started = builder.start();
        process = started;
        for (String line : told) {
            write(started, line);
        }
        var unused = started.onExit().thenAccept(this::died);
    }

    private synchronized void died(Process dead) {
        if (process != dead) {
            return;
        }
        process = null;
        if (dismissed || respawns >= MAX_RESPAWNS) {
            return;
        }
        respawns++;
        LOG.warn("The guardian (pid {}) ended with {}; starting another", dead.pid(), dead.exitValue());
        try {
            ensure();
        } catch (IOException e) {
            LOG.error("The guardian cannot be started again: a worker that is killed would leave its children", e);
        }
    }

    /** From now on this child goes with the worker, with everything in its session when it leads one. */
    synchronized void guard(Proc proc, boolean session) {
        tell(line(session ? "c" : "p", proc));
    }

    /** It and all it started are gone: its number may belong to somebody else any time now. */
    synchronized void release(Proc proc) {
        told.remove(line("c", proc));
        told.remove(line("p", proc));
        Process running = process;
        if (running != null) {
            write(running, line("g", proc));
        }
    }

    private static String line(String verb, Proc proc) {
        return verb + " " + proc.pid() + " " + proc.startedAt() + "\n";
    }

    private void tell(String line) {
        told.add(line);
        Process running = process;
        if (running != null) {
            write(running, line);
        }
    }

    /** A write to one that has just died fails; its successor is told everything. */
    private static void write(Process to, String line) {
        try {
            OutputStream input = to.getOutputStream();
            input.write(line.getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException e) {
            LOG.debug("The guardian (pid {}) does not read", to.pid(), e);
        }
    }

    /** Its pid; 0 when it does not run. Waits for no write to it: event loops ask. */
    long pid() {
        Process running = process;
        return running == null ? 0 : running.pid();
    }

    boolean alive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Sends it home; blocks until it is gone, at most this long, and kills it then. */
    void dismiss(long timeoutMs) throws InterruptedException {
        Process last;
        synchronized (this) {
            dismissed = true;
            last = process;
        }
        if (last == null) {
            return;
        }
        write(last, "q\n");
        if (!last.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
            last.destroyForcibly().waitFor();
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
