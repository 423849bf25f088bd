package dev.cairn.worker;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;

/**
 * Which of the jar's logging configurations holds. Nothing is logged until the worker's own configuration is known: reading it
 * makes Vert.x's first loggers, and logback's own default would print them to standard output.
 */
final class Logging {
    private static final String FILE = "logback.configurationFile";
    private static final String SILENT = "cairn-cli-logback.xml";

    private Logging() {}

    /** Before anything else; does nothing when the user has chosen a configuration. */
    static void silence() {
        setDefault(FILE, SILENT);
    }

    /** Begins to log; the loggers made already follow. Does nothing when the user has chosen a configuration. */
    static void begin(String resource) {
        if (!SILENT.equals(System.getProperty(FILE))) {
            return;
        }
        System.setProperty(FILE, resource);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            try {
                context.reset();
                new ContextInitializer(context).autoConfig();
            } catch (JoranException e) {
                System.err.println("cairn: logging cannot be set up: " + e.getMessage());
            }
        }
    }

    static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
