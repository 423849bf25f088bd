package dev.cairn.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Process trees as real programs make them, found again by a number in the arguments of the programs they end in. */
final class Trees {
    /** How a tree behaves. */
    enum Mode {
        /** Ends when its input does. */
        EOF_AWARE,
        /** Ignores the end of its input and SIGTERM, and so does its child. */
        DEAF,
        /** The root ends at once, its child stays. */
        ORPHAN,
        /** Besides the root a process in a session of its own, handed to whoever takes orphans. */
        DAEMON,
        /** The same with an empty environment. */
        CLEAN_DAEMON
    }

    private Trees() {}

    /** A number that stands in the arguments of every long-lived process of one tree. */
    static String mark() {
        long number = UUID.randomUUID().getMostSignificantBits() & Long.MAX_VALUE;
        return "98765." + number;
    }

    static List<String> argv(Mode mode, String mark) {
        String sleep = "sleep " + mark;
        return switch (mode) {
            case EOF_AWARE -> List.of("sh", "-c", "sh -c 'cat >/dev/null; : " + mark + "'; : " + mark);
            case DEAF ->
                List.of(
                        "sh",
                        "-c",
                        "trap '' TERM; sh -c 'while :; do " + sleep + "; done' & while :; do " + sleep + "; done");
            case ORPHAN -> List.of("sh", "-c", sleep + " >/dev/null 2>&1 </dev/null & exit 0");
            case DAEMON ->
                List.of(
                        "sh",
                        "-c",
                        "(setsid sh -c '" + sleep + " & exit 0' >/dev/null 2>&1 </dev/null); exec " + sleep);
            case CLEAN_DAEMON ->
                List.of(
                        "sh",
                        "-c",
                        "(env -i setsid sh -c '" + sleep + " & exit 0' >/dev/null 2>&1 </dev/null); exec " + sleep);
        };
    }

    static ChildSpec spec(Mode mode, String mark) {
        return new ChildSpec("search", argv(mode, mark), Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), 300, 300);
    }

    /** How many processes a tree has once it stands, without those that only wait for a moment. */
    static int size(Mode mode) {
        return switch (mode) {
            case EOF_AWARE, DAEMON, CLEAN_DAEMON -> 2;
            case DEAF -> 3;
            case ORPHAN -> 1;
        };
    }

    /** The live processes that have this number among their arguments. */
    static List<Long> alive(String mark) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                try {
                    String line = Files.readString(entry.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (line.contains(mark)) {
                        found.add(Long.parseLong(entry.getFileName().toString()));
                    }
                } catch (IOException e) {
                    continue;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    /** Waits for what no event tells of. */
    static void await(String what, long deadlineMs, BooleanSupplier condition) {
        long end = System.nanoTime() + deadlineMs * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + deadlineMs + " ms: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
