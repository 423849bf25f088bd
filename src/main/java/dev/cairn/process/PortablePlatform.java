package dev.cairn.process;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK alone can do, for macOS and Windows: descendants that are linked to their parents, and signals to each. A
 * process that cuts the link (a daemon) escapes it.
 */
final class PortablePlatform implements Platform {
    @Override
    public Map<Long, Proc> all() {
        Map<Long, Proc> all = new HashMap<>();
        ProcessHandle.allProcesses().map(PortablePlatform::proc).forEach(proc -> all.put(proc.pid(), proc));
        return all;
    }

    @Override
    public Map<Long, Proc> below() {
        Map<Long, Proc> below = new HashMap<>();
        ProcessHandle.current().descendants().map(PortablePlatform::proc).forEach(proc -> below.put(proc.pid(), proc));
        return below;
    }

    @Override
    public @Nullable Proc read(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(PortablePlatform::proc)
                .orElse(null);
    }

    private static Proc proc(ProcessHandle handle) {
        ProcessHandle.Info info = handle.info();
        return new Proc(
                handle.pid(),
                handle.parent().map(ProcessHandle::pid).orElse(0L),
                info.startInstant().map(Instant::toEpochMilli).orElse(0L),
                0,
                0,
                !handle.isAlive(),
                0,
                info.totalCpuDuration().map(Duration::toMillis).orElse(0L),
                info.command().orElse("?"));
    }

    @Override
    public @Nullable String variable(long pid, String name) {
        return null;
    }

    @Override
    public long birthmark(long pid) {
        return 0;
    }

    @Override
    public boolean signal(long pid, long startedAt, int signal) {
        return ProcessHandle.of(pid)
                .filter(handle -> proc(handle).startedAt() == startedAt)
                .map(handle -> signal == KILL ? handle.destroyForcibly() : handle.destroy())
                .orElse(false);
    }

    @Override
    public void signalGroup(long group, int signal) {
        // The JDK knows no groups; the members are signalled one by one.
    }

    @Override
    public void collect(long pid) {
        // Nobody hands us orphans here.
    }

    @Override
    public boolean adoptOrphans() {
        return false;
    }

    @Override
    public String bootId() {
        return "";
    }

    @Override
    public List<String> layers() {
        return List.of("descendants");
    }
}
