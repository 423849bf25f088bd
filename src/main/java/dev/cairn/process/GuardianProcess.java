package dev.cairn.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running guardian. A thread of its own speaks with it, so that one that is stopped holds nobody up for longer than he
 * wants to wait. One caller at a time.
 */
final class GuardianProcess {
    private static final Logger LOG = LoggerFactory.getLogger(GuardianProcess.class);

    private final Process process;
    private final BufferedReader answers;
    private final ExecutorService talker = DaemonThreads.pool("cairn-guardian", 1);

    GuardianProcess(Process process) {
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    Process process() {
        return process;
    }

    /** Tells it this. Returns whether the pipe took it in time; then it is read even when the worker is gone. */
    boolean tell(String lines, long timeoutMs) {
        return talk(
                () -> {
                    write(lines);
                    return true;
                },
                timeoutMs);
    }

    /** Returns whether it has answered in time, and so taken all it was told before. */
    boolean answers(long timeoutMs) {
        return talk(
                () -> {
                    write("a\n");
                    return answers.readLine() != null;
                },
                timeoutMs);
    }

    private void write(String lines) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write(lines.getBytes(StandardCharsets.US_ASCII));
        input.flush();
    }

    private boolean talk(Callable<Boolean> turn, long timeoutMs) {
        try {
            return talker.submit(turn).get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | RejectedExecutionException e) {
            // Too slow, or it has ended just now.
            return false;
        } catch (ExecutionException e) {
            LOG.debug("The guardian (pid {}) does not listen: {}", process.pid(), String.valueOf(e.getCause()));
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // That the caller has no time says nothing about it.
            return process.isAlive();
        }
    }

    /** Kills it; what waits for it fails, and its thread ends. */
    void kill() {
        process.destroyForcibly();
        talker.shutdown();
    }

    /** It has ended by itself. */
    void ended() {
        talker.shutdown();
    }
}
