package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.InstanceFile;
import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The commands about the worker's own life. */
final class LifeCommands {
    private static final long START_TIMEOUT_MS = 60_000;

    private LifeCommands() {}

    /** Starts the worker for the commands that may. */
    static final class Starting {
        private final Session session;
        private final WorkerStarter starter;

        Starting(Session session, WorkerStarter starter) {
            this.session = session;
            this.starter = starter;
        }

        /**
         * Starts the worker unless one runs.
         *
         * @param said where to say what was done
         * @return the exit code
         */
        int start(CairnConfig config, @Nullable Path conf, PrintStream said) throws IOException {
            OwnerOnly.directory(config.dataDir());
            // Many may start at once (B2): one starts the worker, the others wait here and then see it.
            Path file = config.dataDir().resolve("start.lock");
            try (FileChannel channel =
                            OwnerOnly.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                    FileLock lock = channel.lock()) {
                Optional<InstanceFile> already = session.running(config);
                if (already.isPresent()) {
                    said.println("already running at " + already.get().url() + " (pid "
                            + already.get().pid() + ")");
                    return WorkerCommand.DONE;
                }
                List<String> arguments = conf == null
                        ? List.of()
                        : List.of("-conf", conf.toAbsolutePath().toString());
                int code = starter.start(config, arguments, START_TIMEOUT_MS);
                if (code != WorkerCommand.DONE) {
                    return code;
                }
                InstanceFile started = session.requireRunning(config);
                said.println("started at " + started.url() + " (pid " + started.pid() + ")");
                return lock.isValid() ? WorkerCommand.DONE : WorkerCommand.FAILED;
            }
        }
    }

    private abstract static class Life extends WorkerCommand {
        Life(Session session) {
            super(session);
        }

        void stop(InstanceFile worker, CairnConfig config) {
            Optional<ProcessHandle> process = ProcessHandle.of(worker.pid());
            session.post(config, "/api/admin/shutdown", Map.of());
            session.forget();
            long timeoutMs = config.process().deadlineMs() + 5_000;
            try {
                if (process.isPresent()) {
                    process.get().onExit().get(timeoutMs, TimeUnit.MILLISECONDS);
                }
                System.out.println("stopped (pid " + worker.pid() + ")");
            } catch (TimeoutException | ExecutionException e) {
                throw new CairnException(
                        ErrorCode.TIMEOUT, "the worker (pid " + worker.pid() + ") is still there", null, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CairnException(ErrorCode.INTERNAL, "interrupted", null, e);
            }
        }
    }

    @Command(name = "start", description = "Starts the worker in the background; returns when it is ready.")
    static final class Start extends Life {
        private final Starting starting;

        Start(Session session, WorkerStarter starter) {
            super(session);
            this.starting = new Starting(session, starter);
        }

        @Override
        public Integer call() throws IOException {
            return starting.start(config(), conf, System.out);
        }
    }

    @Command(name = "stop", description = "Ends the worker; returns when it is gone.")
    static final class Stop extends Life {
        Stop(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            CairnConfig config = config();
            stop(session.requireRunning(config), config);
            return 0;
        }
    }

    @Command(name = "restart", description = "Ends the worker when it runs, and starts it.")
    static final class Restart extends Life {
        private final Starting starting;

        Restart(Session session, WorkerStarter starter) {
            super(session);
            this.starting = new Starting(session, starter);
        }

        @Override
        public Integer call() throws IOException {
            CairnConfig config = config();
            session.running(config).ifPresent(worker -> stop(worker, config));
            return starting.start(config, conf, System.out);
        }
    }

    @Command(name = "status", description = "Shows what the worker is doing.")
    static final class Status extends WorkerCommand.Reading {
        private static final List<String> FIGURES =
                List.of("sessions", "prompts", "toolUses", "observations", "summaries");

        Status(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            CairnConfig config = config();
            InstanceFile worker = session.requireRunning(config);
            JsonNode health = session.getAny(config, "/health");
            JsonNode stats = session.get(config, "/api/stats");
            if (json) {
                System.out.println("{\"health\":" + health + ",\"stats\":" + stats + "}");
                return DONE;
            }
            String status = health.path("status").asText();
            System.out.printf(
                    "Cairn %s at %s (pid %d, up %s): %s%n",
                    worker.version(),
                    worker.url(),
                    worker.pid(),
                    Texts.age(System.currentTimeMillis() - worker.startedAt()),
                    terminal().state(status));
            parts(health.path("parts"), terminal()).forEach(System.out::println);
            for (String figure : FIGURES) {
                print(
                        figure.equals("toolUses") ? "tool uses" : figure,
                        "%,d",
                        stats.path(figure).asLong());
            }
            JsonNode queue = stats.path("queue");
            print(
                    "queue",
                    "%,d pending, %,d claimed, %,d parked",
                    queue.path("pending").asLong(),
                    queue.path("claimed").asLong(),
                    queue.path("parked").asLong());
            JsonNode database = stats.path("database");
            print(
                    "database",
                    "%s (%s)",
                    database.path("path").asText(),
                    Texts.bytes(database.path("bytes").asLong()));
            return DONE;
        }

        private static void print(String name, String format, Object... values) {
            System.out.printf(Locale.ROOT, "  %-13s " + format + "%n", prepend(name, values));
        }

        private static Object[] prepend(String name, Object[] values) {
            Object[] all = new Object[values.length + 1];
            all[0] = name;
            System.arraycopy(values, 0, all, 1, values.length);
            return all;
        }
    }

    /** The parts of the worker with their states, one a line. */
    static List<String> parts(JsonNode parts, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        parts.fields().forEachRemaining(part -> {
            JsonNode value = part.getValue();
            String state = value.path("state").asText(value.path("up").asBoolean() ? "up" : "down");
            lines.add(String.format(Locale.ROOT, "  %-13s %s", part.getKey(), terminal.state(state)));
            for (String told : List.of("problem", "budget")) {
                String text = value.path("detail").path(told).asText("");
                if (!text.isEmpty()) {
                    lines.add("                " + text);
                }
            }
        });
        return lines;
    }
}
