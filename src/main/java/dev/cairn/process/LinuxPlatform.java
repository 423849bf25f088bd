package dev.cairn.process;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Linux: everything from {@code /proc}, signals through process descriptors where the kernel has them. */
final class LinuxPlatform implements Platform {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxPlatform.class);
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String OS = System.getProperty("os.name", "");

    private final Kernel kernel = Kernel.load();
    private final ProcStat stat =
            new ProcStat(kernel.sysconf(Kernel.SC_PAGESIZE).longValue());
    private final long self = ProcessHandle.current().pid();
    private final int user;
    private final boolean descriptors;
    private final boolean birthmarks;
    private volatile boolean adopts;

    LinuxPlatform() {
        user = userOf(self);
        int mine = open(self);
        descriptors = mine >= 0;
        // Kernels before 6.9 give every descriptor the same number.
        birthmarks = descriptors && inode(mine) != 0 && inode(mine) != mark(1) && kernelAtLeast(6, 9);
        if (mine >= 0) {
            kernel.close(mine);
        }
    }

    private static int userOf(long pid) {
        try {
            return ownerOf(pid);
        } catch (IOException e) {
            throw new IllegalStateException("/proc is not readable", e);
        }
    }

    static boolean works() {
        if (!OS.equals("Linux") || !Files.isReadable(Path.of("/proc/self/stat"))) {
            return false;
        }
        try {
            return Kernel.load().kill((int) ProcessHandle.current().pid(), 0) == 0;
        } catch (LinkageError e) {
            // JNA has no library for this machine's architecture, or could not unpack it.
            LOG.warn("The kernel's calls cannot be reached, so children are owned by fewer layers: {}", e.toString());
            return false;
        }
    }

    @Override
    public Map<Long, Proc> all() {
        Map<Long, Proc> all = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                Proc proc = read(Long.parseLong(entry.getFileName().toString()));
                if (proc != null) {
                    all.put(proc.pid(), proc);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("/proc is not readable", e);
        }
        return all;
    }

    @Override
    public Map<Long, Proc> below() {
        Map<Long, Proc> found = new HashMap<>();
        Deque<Long> open = new ArrayDeque<>();
        open.add(self);
        while (!open.isEmpty()) {
            long pid = open.remove();
            for (long child : stat.children(pid)) {
                Proc proc = found.containsKey(child) ? null : read(child);
                if (proc != null) {
                    found.put(child, proc);
                    open.add(child);
                }
            }
        }
        return found;
    }

    @Override
    public @Nullable Proc read(long pid) {
        return stat.read(pid);
    }

    @Override
    public @Nullable String variable(long pid, String name) {
        try {
            String all = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            String prefix = name + "=";
            for (String entry : all.split("\0", -1)) {
                if (entry.startsWith(prefix)) {
                    // Root reads everybody's environment, and anybody can write into his own what he likes.
                    return ownerOf(pid) == user ? entry.substring(prefix.length()) : null;
                }
            }
            return null;
        } catch (IOException e) {
            // Gone, or somebody else's.
            return null;
        }
    }

    private static int ownerOf(long pid) throws IOException {
        return (Integer) Files.getAttribute(PROC.resolve(String.valueOf(pid)), "unix:uid");
    }

    @Override
    public long birthmark(long pid) {
        return birthmarks ? mark(pid) : 0;
    }

    private long mark(long pid) {
        int fd = open(pid);
        if (fd < 0) {
            return 0;
        }
        try {
            return inode(fd);
        } finally {
            kernel.close(fd);
        }
    }

    private static long inode(int fd) {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self/fd/" + fd), "unix:ino")).longValue();
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    @Override
    public boolean signal(long pid, long startedAt, int signal) {
        int fd = open(pid);
        try {
            Proc now = read(pid);
            if (now == null || now.startedAt() != startedAt || now.zombie()) {
                return false;
            }
            if (fd < 0) {
                return kernel.kill((int) pid, signal) == 0;
            }
            return kernel.syscall(new NativeLong(Kernel.PIDFD_SEND_SIGNAL), fd, signal, Pointer.NULL, new NativeLong(0))
                            .longValue()
                    == 0;
        } finally {
            if (fd >= 0) {
                kernel.close(fd);
            }
        }
    }

    private int open(long pid) {
        return (int)
                kernel.syscall(new NativeLong(Kernel.PIDFD_OPEN), (int) pid, 0).longValue();
    }

    @Override
    public void signalGroup(long group, int signal) {
        // 0 and 1 would reach ourselves and everybody.
        if (group > 1) {
            kernel.kill((int) -group, signal);
        }
    }

    @Override
    public void collect(long pid) {
        kernel.waitpid((int) pid, Pointer.NULL, Kernel.WNOHANG);
    }

    @Override
    public boolean adoptOrphans() {
        NativeLong none = new NativeLong(0);
        adopts = kernel.prctl(Kernel.PR_SET_CHILD_SUBREAPER, new NativeLong(1), none, none, none) == 0;
        return adopts;
    }

    @Override
    public String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public List<String> layers() {
        List<String> layers = new ArrayList<>();
        layers.add("cookie");
        if (adopts) {
            layers.add("subreaper");
        }
        if (descriptors) {
            layers.add("pidfd");
        }
        if (birthmarks) {
            layers.add("birthmark");
        }
        return layers;
    }

    private static boolean kernelAtLeast(int major, int minor) {
        String[] parts = System.getProperty("os.version", "0.0").split("[^0-9]+", -1);
        int ours = Integer.parseInt(parts[0]);
        return ours > major || (ours == major && Integer.parseInt(parts[1]) >= minor);
    }
}
