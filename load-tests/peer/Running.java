import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process of this namespace; the first one, this program and what has ended are left out. */
final class Running {
    private static final double TICKS_PER_SECOND = 100;

    final long pid;
    final String command;
    final double megabytes;
    final long ticks;

    private Running(long pid, String command, double megabytes, long ticks) {
        this.pid = pid;
        this.command = command;
        this.megabytes = megabytes;
        this.ticks = ticks;
    }

    static List<Running> all() throws IOException {
        List<Running> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("/proc"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.chars().allMatch(Character::isDigit)) {
                    continue;
                }
                long pid = Long.parseLong(name);
                if (pid != 1 && pid != ProcessHandle.current().pid()) {
                    read(pid, file, all);
                }
            }
        }
        return all;
    }

    private static void read(long pid, Path file, List<Running> all) throws IOException {
        try {
            String stat = Files.readString(file.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (fields[0].equals("Z")) {
                return;
            }
            String command = Files.readString(file.resolve("cmdline"), StandardCharsets.ISO_8859_1).replace('\0', ' ');
            double kilobytes = 0;
            for (String line : Files.readAllLines(file.resolve("smaps_rollup"))) {
                if (line.startsWith("Rss:")) {
                    kilobytes = Double.parseDouble(line.replaceAll("[^0-9]", ""));
                }
            }
            all.add(new Running(
                    pid, command, kilobytes / 1024, Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
        } catch (NoSuchFileException e) {
            // It ended meanwhile.
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No such process")) {
                throw e;
            }
            // So did this one.
        }
    }

    /** Processor time of all that runs. */
    static double cpuMillis() throws IOException {
        return all().stream().mapToLong(p -> p.ticks).sum() * 1_000 / TICKS_PER_SECOND;
    }
}
