package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The processes that carry the mark of one data directory, found by their environment as an outsider would. */
final class Marked {
    private final String mark;

    Marked(Path dataDir) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(dataDir.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
        mark = "\0_CAIRN_CHILD=" + HexFormat.of().formatHex(hash, 0, 8) + ":";
    }

    static void require() {
        Tools.requireThat(Files.isReadable(Path.of("/proc/self/environ")), "there is no /proc");
    }

    /** Those that run now. */
    List<Long> pids() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            for (ProcessHandle process : all.toList()) {
                if (environment(process.pid()).contains(mark)) {
                    pids.add(process.pid());
                }
            }
        }
        return pids;
    }

    private static String environment(long pid) {
        try {
            return "\0" + Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Gone, or somebody else's.
            return "";
        }
    }

    /** Waits until none runs. */
    void awaitNone(long timeoutMs) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        List<Long> left = pids();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(10);
            left = pids();
        }
        assertThat(left).as("left after %d ms", timeoutMs).isEmpty();
    }

    /** Waits until at least so many run, then gives what the worker tells of its processes. */
    JsonNode awaitAtLeast(int count, Api api) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (pids().size() < count) {
            assertThat(System.nanoTime()).as("only %s run", pids()).isLessThan(deadline);
            Thread.sleep(10);
        }
        return api.get("/api/processes").json();
    }
}
