package dev.cairn.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.cairn.cli.Terminal;
import dev.cairn.config.LogConfig;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Whose logging configuration holds. Nothing is logged until the worker's own configuration is known: reading it makes Vert.x's
 * first loggers, and logback's own default would print them to standard output.
 */
final class Logging {
    /** Logback's own property, by which a user chooses a configuration of his own. */
    private static final String CHOSEN = "logback.configurationFile";

    /** Set for a worker in the background, whose standard error nobody reads. */
    private static final String CONSOLE = "cairn.log.console";

    static final String VERTX_DELEGATE = "vertx.logger-delegate-factory-class-name";

    private static final int STANDARD_ERROR = 2;

    private Logging() {}

    /** Before anything else; does nothing when the user has chosen a configuration. */
    static void silence() {
        if (!chosen()) {
            LogSetup.take();
        }
    }

    /** For a command: it logs nothing, and so needs nothing that logs. */
    static void none() {
        // Vert.x's JSON would load and set up logback, which takes longer than most commands.
        setDefault(VERTX_DELEGATE, "io.vertx.core.logging.JULLogDelegateFactory");
    }

    /** The worker begins to log; the loggers made already follow. Does nothing when the user has chosen a configuration. */
    static void begin(Path directory, LogConfig config) {
        Level console = Level.toLevel(System.getProperty(CONSOLE), Level.TRACE);
        boolean jsonOnConsole = !Terminal.isTerminal(STANDARD_ERROR);
        set(context -> LogSetup.worker(context, directory, config, console, jsonOnConsole));
    }

    /** The search server begins to log: standard output is the protocol's, the worker keeps the last lines of standard error. */
    static void beginOnStandardError(LogConfig config) {
        set(context -> LogSetup.standardError(context, config.level()));
    }

    private static void set(Consumer<LoggerContext> setup) {
        if (!chosen() && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            setup.accept(context);
        }
    }

    private static boolean chosen() {
        return System.getProperty(CHOSEN) != null;
    }

    static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
