package dev.cairn.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control group of our own for all children: no process can leave it without a privilege, so that one write ends them all,
 * whatever they did to their environment and session. Needs cgroup v2, Linux 5.14 and leave to make a group.
 */
final class Cgroup {
    private static final Logger LOG = LoggerFactory.getLogger(Cgroup.class);
    private static final List<Path> MOUNTS = List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"));
    private static final String NAME = "cairn-";
    private static final int KILLS = 50;
    private static final long KILL_MS = 20;

    private final Path directory;

    private Cgroup(Path directory) {
        this.directory = directory;
    }

    /**
     * The group beside this process's own; null where the machine does not allow it. Made to know that, and made again with the
     * first child: a worker that is killed before it has one leaves no group behind.
     */
    static @Nullable Cgroup create(String install, String generation) {
        Path parent = own();
        if (parent == null) {
            return null;
        }
        Path directory = parent.resolve(NAME + install + "-" + generation);
        try {
            Files.createDirectory(directory);
            boolean ours = Files.isWritable(directory.resolve("cgroup.kill")) && enters(directory);
            Files.delete(directory);
            if (ours) {
                return new Cgroup(directory);
            }
        } catch (IOException e) {
            LOG.debug("No control group of our own: {}", e.toString());
        }
        return null;
    }

    private static @Nullable Path own() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                if (line.startsWith("0::/")) {
                    String path = line.substring("0::/".length());
                    for (Path mount : MOUNTS) {
                        if (Files.exists(mount.resolve("cgroup.procs"))) {
                            return mount.resolve(path);
                        }
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("No control groups here: {}", e.toString());
        }
        return null;
    }

    /** A group whose parent has controllers for its children takes no processes; one without is fine. */
    private static boolean enters(Path directory) {
        return Files.isWritable(directory.resolve("cgroup.procs"));
    }

    Path directory() {
        return directory;
    }

    /** A group within this one, for one child. */
    Cgroup within(int number) throws IOException {
        Files.createDirectories(directory);
        return new Cgroup(Files.createDirectory(directory.resolve(String.valueOf(number))));
    }

    Path members() {
        return directory.resolve("cgroup.procs");
    }

    /** The processes within, those of groups below not among them. */
    List<Long> pids() throws IOException {
        return Files.readAllLines(members()).stream().map(Long::valueOf).toList();
    }

    /** Kills everything within and below. */
    void kill() throws IOException {
        Files.writeString(directory.resolve("cgroup.kill"), "1");
    }

    /** Kills until nothing is left within or below, then removes the group if it was made. Blocks, at most about a second. */
    void end() throws IOException, InterruptedException {
        if (!Files.exists(directory)) {
            return;
        }
        for (int i = 0; i < KILLS && !isEmpty(); i++) {
            kill();
            Thread.sleep(KILL_MS);
        }
        remove();
    }

    /** Whether nothing lives within or below. */
    boolean isEmpty() throws IOException {
        return Files.readAllLines(directory.resolve("cgroup.events")).contains("populated 0");
    }

    /** Removes the group and those below; they must be empty. */
    void remove() throws IOException {
        try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path below : entries) {
                Files.deleteIfExists(below);
            }
        }
        Files.deleteIfExists(directory);
    }

    /** The groups earlier generations of this data directory left, by their generation. */
    static List<Cgroup> leftBy(String install, String except) {
        Path parent = own();
        if (parent == null) {
            return List.of();
        }
        try (var entries = Files.newDirectoryStream(parent, NAME + install + "-*")) {
            java.util.ArrayList<Cgroup> left = new java.util.ArrayList<>();
            for (Path entry : entries) {
                if (!entry.getFileName().toString().endsWith("-" + except)) {
                    left.add(new Cgroup(entry));
                }
            }
            return left;
        } catch (IOException e) {
            LOG.debug("No control groups to look through: {}", e.toString());
            return List.of();
        }
    }
}
