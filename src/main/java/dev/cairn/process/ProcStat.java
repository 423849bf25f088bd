package dev.cairn.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code /proc/<pid>/stat} and the lists of children. Field numbers: proc_pid_stat(5). */
final class ProcStat {
    /** USER_HZ is 100 on every architecture Linux runs Java on. */
    private static final long MS_PER_TICK = 10;

    private static final long[] NONE = {};

    private final long pageBytes;

    ProcStat(long pageBytes) {
        this.pageBytes = pageBytes;
    }

    /** @return null when there is no such process */
    @Nullable
    Proc read(long pid) {
        String line = text("/proc/" + pid + "/stat");
        // The name stands in parentheses and may hold some itself.
        int open = line == null ? -1 : line.indexOf('(');
        int close = line == null ? -1 : line.lastIndexOf(')');
        if (line == null || open < 0 || close < 0) {
            return null;
        }
        String[] fields = line.substring(close + 2).split(" ", -1);
        if (fields.length < 22) {
            return null;
        }
        char state = fields[0].charAt(0);
        return new Proc(
                pid,
                Long.parseLong(fields[1]),
                Long.parseLong(fields[19]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                state == 'Z' || state == 'X',
                Long.parseLong(fields[21]) * pageBytes,
                (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MS_PER_TICK,
                line.substring(open + 1, close));
    }

    /** The children of all of a process's threads. One that is just born or just gone may be missing. */
    long[] children(long pid) {
        String[] threads = new File("/proc/" + pid + "/task").list();
        if (threads == null) {
            return NONE;
        }
        StringBuilder all = new StringBuilder();
        for (String thread : threads) {
            String children = text("/proc/" + pid + "/task/" + thread + "/children");
            if (children != null) {
                all.append(children).append(' ');
            }
        }
        String list = all.toString().strip();
        if (list.isEmpty()) {
            return NONE;
        }
        String[] pids = list.split("\\s+", -1);
        long[] found = new long[pids.length];
        for (int i = 0; i < pids.length; i++) {
            found[i] = Long.parseLong(pids[i]);
        }
        return found;
    }

    private static @Nullable String text(String file) {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It ended while we looked.
            return null;
        }
    }
}
