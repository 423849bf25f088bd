package dev.cairn.cli;

import dev.cairn.model.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The worker's log, from its files: a worker that does not run has one too. */
@Command(name = "logs", description = "Shows the worker's log; no worker is needed.")
final class LogsCommand extends WorkerCommand.Reading {
    private static final long POLL_MS = 100;
    private static final int MOST_LINES = 1_000_000;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is logged from now on, until it is interrupted.")
    boolean follow;

    @Option(
            names = {"-n", "--lines"},
            description = "How many entries, the last ones (0 to 1000000).")
    int count = 50;

    @Option(names = "--level", description = "At least this: error, warn, info, debug or trace.")
    String level = "trace";

    LogsCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int least = LogEntry.LEVELS.indexOf(level.toUpperCase(Locale.ROOT));
        if (least < 0) {
            throw misuse("--level must be one of error, warn, info, debug and trace, not '" + level + "'");
        }
        if (count < 0 || count > MOST_LINES) {
            throw misuse("--lines must be 0 to " + MOST_LINES);
        }
        Path directory = config().dataDir().resolve("logs");
        Path file = directory.resolve("cairn.log");
        LogEntry.Reader entries = new LogEntry.Reader(entry -> entry.severity() <= least);
        if (!follow && !Files.exists(file)) {
            throw CairnException.notFound("there is no log at " + file + "; no worker was started there");
        }
        try (LogFile log = new LogFile(file)) {
            Deque<LogEntry> last = new ArrayDeque<>();
            for (Path older : older(directory)) {
                try (Stream<String> lines = LogFile.lines(older)) {
                    lines.forEach(line -> keep(last, entries.take(line)));
                }
            }
            log.read(line -> keep(last, entries.take(line)));
            keep(last, entries.end());
            last.forEach(this::print);
            while (follow) {
                Thread.sleep(POLL_MS);
                boolean some = log.read(line -> entries.take(line).forEach(this::print));
                if (!some) {
                    // Nothing more for now: what is there of the last entry is all of it.
                    entries.end().forEach(this::print);
                }
                System.out.flush();
            }
        }
        return DONE;
    }

    /** The files before the present one, oldest first. */
    private static List<Path> older(Path directory) throws IOException {
        List<Path> older = new ArrayList<>();
        for (int i = 1; Files.exists(directory.resolve("cairn." + i + ".log")); i++) {
            older.add(directory.resolve("cairn." + i + ".log"));
        }
        Collections.reverse(older);
        return older;
    }

    private void keep(Deque<LogEntry> last, List<LogEntry> entries) {
        for (LogEntry entry : entries) {
            last.add(entry);
            if (last.size() > count) {
                last.remove();
            }
        }
    }

    private void print(LogEntry entry) {
        System.out.println(json ? entry.json() : entry.text(terminal()));
    }
}
