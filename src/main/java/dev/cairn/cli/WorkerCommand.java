package dev.cairn.cli;

import dev.cairn.config.CairnConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Spec
    @Nullable
    CommandSpec spec;

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

    /** A refusal of how the command was used: it ends with 2 and shows how to use it. */
    RuntimeException misuse(String message) {
        return spec == null
                ? new IllegalStateException(message)
                : new ParameterException(spec.commandLine(), message);
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
