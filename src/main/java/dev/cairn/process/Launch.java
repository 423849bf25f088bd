package dev.cairn.process;

import dev.cairn.config.ProcessConfig.Limits;
import dev.cairn.model.CairnException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a program is started so that it can be ended: in a session of its own, marked, within its limits. */
final class Launch {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path SHELL = Path.of("/bin/sh");
    private final boolean sessions = Files.isExecutable(SETSID);

    boolean sessions() {
        return sessions;
    }

    /**
     * Starts it; blocks for a few milliseconds.
     *
     * @param cgroup what it enters before it is the program; null for none
     * @throws CairnException UNAVAILABLE when the program cannot be found or started
     */
    Process start(ChildSpec spec, Limits limits, Map<String, String> marks, @Nullable Cgroup cgroup) {
        String program = spec.argv().get(0);
        Path executable = find(program, spec);
        List<String> argv = new ArrayList<>();
        String preparation = preparation(limits, cgroup);
        if (!preparation.isEmpty()) {
            argv.addAll(List.of(SHELL.toString(), "-c", preparation + "exec \"$@\"", "cairn"));
        }
        if (sessions) {
            argv.add(SETSID.toString());
        }
        argv.add(executable.toString());
        argv.addAll(spec.argv().subList(1, spec.argv().size()));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(spec.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        builder.environment().putAll(marks);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CairnException(
                    dev.cairn.model.ErrorCode.UNAVAILABLE,
                    "cannot start " + spec.kind() + ": " + e.getMessage(),
                    null,
                    e);
        }
    }

    private static String preparation(Limits limits, @Nullable Cgroup cgroup) {
        if (!Files.isExecutable(SHELL)) {
            return "";
        }
        // Each step runs in the shell's own process, which then becomes the program.
        StringBuilder steps = new StringBuilder();
        if (limits.openFiles() > 0) {
            steps.append("ulimit -n ").append(limits.openFiles()).append(" || exit 126; ");
        }
        if (cgroup != null) {
            steps.append("echo 0 > '").append(cgroup.members()).append("' || exit 126; ");
        }
        return steps.toString();
    }

    /** Looked for here and now, because a shell that does not find it only ends with 127. */
    private static Path find(String program, ChildSpec spec) {
        if (program.contains("/") || program.contains(File.separator)) {
            Path path = spec.directory().resolve(program);
            if (Files.isExecutable(path)) {
                return path;
            }
        } else {
            String search = spec.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
            for (String directory : search.split(File.pathSeparator, -1)) {
                Path path = Path.of(directory.isEmpty() ? "." : directory).resolve(program);
                if (Files.isExecutable(path) && !Files.isDirectory(path)) {
                    return path.toAbsolutePath();
                }
            }
        }
        throw CairnException.unavailable("cannot start " + spec.kind() + ": there is no program " + program
                + "; install it, or set its command");
    }
}
