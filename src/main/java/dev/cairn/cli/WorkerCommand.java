package dev.cairn.cli;

import dev.cairn.config.CairnConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What all commands share: which configuration they are about, and how they speak. */
abstract class WorkerCommand implements Callable<Integer> {
    static final int DONE = 0;
    static final int FAILED = 1;

    @Option(
            names = {"-conf", "--conf"},
            paramLabel = "FILE",
            description = "The worker's conf file.")
    @Nullable
    Path conf;

    final Session session;

    WorkerCommand(Session session) {
        this.session = session;
    }

    CairnConfig config() {
        return session.config(conf);
    }

    Terminal terminal() {
        return session.terminal();
    }

    /** A refusal of how the command was used: it ends with 2. */
    static UsageException misuse(String message) {
        return new UsageException(message);
    }

    /** A command that tells something, to people or to programs. */
    abstract static class Reading extends WorkerCommand {
        @Option(names = "--json", description = "As JSON.")
        boolean json;

        Reading(Session session) {
            super(session);
        }
    }
}
