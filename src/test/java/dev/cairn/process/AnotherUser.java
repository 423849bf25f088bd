package dev.cairn.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of somebody else, which only root can start. */
final class AnotherUser {
    static final String WHY_NOT = "only root with setpriv can start a process of another user";

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final int NOBODY = 65534;

    private AnotherUser() {}

    static boolean possible() throws Exception {
        return Files.isExecutable(SETPRIV) && owner("self") == 0;
    }

    private static int owner(String process) throws Exception {
        return (Integer) Files.getAttribute(Path.of("/proc", process), "unix:uid");
    }

    /** Starts one with these marks, as {@code NAME=VALUE}, in its arguments and in its environment; it has no children. */
    static Process start(List<String> marks) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(SETPRIV.toString(), "--reuid=" + NOBODY, "--clear-groups", "sh", "-c", "read -r never"));
        command.addAll(marks);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        for (String mark : marks) {
            builder.environment().put(mark.substring(0, mark.indexOf('=')), mark.substring(mark.indexOf('=') + 1));
        }
        Process process = builder.start();
        String pid = String.valueOf(process.pid());
        Path arguments = Path.of("/proc", pid, "cmdline");
        Trees.await("it is another user's", 5_000, () -> {
            try {
                return owner(pid) == NOBODY && Files.readString(arguments).startsWith("sh");
            } catch (Exception e) {
                throw new AssertionError("it did not start", e);
            }
        });
        return process;
    }
}
