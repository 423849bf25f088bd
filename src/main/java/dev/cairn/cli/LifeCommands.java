package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.InstanceFile;
import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands about the worker's own life. */
final class LifeCommands {
    private static final long START_TIMEOUT_MS = 60_000;

    private LifeCommands() {}

    private abstract static class Life implements Callable<Integer> {
        @Option(
                names = {"-conf", "--conf"},
                description = "The worker's conf file.")
        @Nullable
        Path conf;

        final Session session;

        Life(Session session) {
            this.session = session;
        }

        CairnConfig config() {
            return session.config(conf);
        }

        int start(WorkerStarter starter) throws IOException {
            CairnConfig config = config();
            OwnerOnly.directory(config.dataDir());
            // Many may start at once (B2): one starts the worker, the others wait here and then see it.
            Path file = config.dataDir().resolve("start.lock");
            try (FileChannel channel =
                            OwnerOnly.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                    FileLock lock = channel.lock()) {
                Optional<InstanceFile> already = session.running(config);
                if (already.isPresent()) {
                    System.out.println("already running at " + already.get().url() + " (pid "
                            + already.get().pid() + ")");
                    return 0;
                }
                List<String> arguments = conf == null
                        ? List.of()
                        : List.of("-conf", conf.toAbsolutePath().toString());
                int code = starter.start(config, arguments, START_TIMEOUT_MS);
                if (code != 0) {
                    return code;
                }
                InstanceFile started = session.requireRunning(config);
                System.out.println("started at " + started.url() + " (pid " + started.pid() + ")");
                return lock.isValid() ? 0 : 1;
            }
        }

        void stop(InstanceFile worker, CairnConfig config) {
            Optional<ProcessHandle> process = ProcessHandle.of(worker.pid());
            session.post(config, "/api/admin/shutdown", Map.of());
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
        private final WorkerStarter starter;

        Start(Session session, WorkerStarter starter) {
            super(session);
            this.starter = starter;
        }

        @Override
        public Integer call() throws IOException {
            return start(starter);
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
        private final WorkerStarter starter;

        Restart(Session session, WorkerStarter starter) {
            super(session);
            this.starter = starter;
        }

        @Override
        public Integer call() throws IOException {
            CairnConfig config = config();
            session.running(config).ifPresent(worker -> stop(worker, config));
            return start(starter);
        }
    }

    @Command(name = "status", description = "Shows what the worker is doing.")
    static final class Status extends Life {
        @Option(names = "--json", description = "As JSON.")
        boolean json;

        Status(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            CairnConfig config = config();
            InstanceFile worker = session.requireRunning(config);
            JsonNode health = session.get(config, "/health");
            JsonNode stats = session.get(config, "/api/stats");
            if (json) {
                System.out.println("{\"health\":" + health + ",\"stats\":" + stats + "}");
                return 0;
            }
            System.out.printf(
                    "Cairn %s at %s (pid %d): %s%n",
                    worker.version(),
                    worker.url(),
                    worker.pid(),
                    health.path("status").asText());
            health.path("parts")
                    .fields()
                    .forEachRemaining(part -> System.out.printf(
                            "  %-10s %s%n",
                            part.getKey(), part.getValue().path("state").asText()));
            for (String figure : List.of("sessions", "prompts", "toolUses", "observations", "summaries")) {
                System.out.printf("  %-13s %,d%n", figure, stats.path(figure).asLong());
            }
            JsonNode queue = stats.path("queue");
            System.out.printf(
                    "  queue         %d pending, %d claimed, %d parked%n",
                    queue.path("pending").asLong(),
                    queue.path("claimed").asLong(),
                    queue.path("parked").asLong());
            System.out.printf(
                    "  database      %s (%,d bytes)%n",
                    stats.path("database").path("path").asText(),
                    stats.path("database").path("bytes").asLong());
            return 0;
        }
    }
}
