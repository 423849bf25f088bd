package dev.cairn.worker;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.cairn.cli.Terminal;
import dev.cairn.config.LogConfig;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Which of the jar's logging configurations holds. Nothing is logged until the worker's own configuration is known: reading it
 * makes Vert.x's first loggers, and logback's own default would print them to standard output.
 */
final class Logging {
    private static final String FILE = "logback.configurationFile";
    private static final String SILENT = "cairn-cli-logback.xml";
    private static final int STANDARD_ERROR = 2;

    private Logging() {}

    /** Before anything else; does nothing when the user has chosen a configuration. */
    static void silence() {
        setDefault(FILE, SILENT);
    }

    /** For a command: it logs nothing, and so needs nothing that logs. */
    static void none() {
        // Vert.x's JSON would load and set up logback, which takes longer than most commands.
        setDefault("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.JULLogDelegateFactory");
    }

    /** The worker begins to log; the loggers made already follow. Does nothing when the user has chosen a configuration. */
    static void begin(Path directory, LogConfig config) {
        setDefault("cairn.log.dir", directory.toString());
        setDefault("cairn.log.level", config.level());
        setDefault("cairn.log.maxBytes", Long.toString(config.maxBytes()));
        setDefault("cairn.log.last", Integer.toString(config.files() - 1));
        if (begin("cairn-logback.xml") && config.json()) {
            asJson("file");
            if (!Terminal.isTerminal(STANDARD_ERROR)) {
                asJson("console");
            }
        }
    }

    /** @return whether this configuration holds now */
    static boolean begin(String resource) {
        if (!SILENT.equals(System.getProperty(FILE))) {
            return false;
        }
        System.setProperty(FILE, resource);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            try {
                context.reset();
                new ContextInitializer(context).autoConfig();
                return true;
            } catch (JoranException e) {
                System.err.println("cairn: logging cannot be set up: " + e.getMessage());
            }
        }
        return false;
    }

    private static void asJson(String appender) {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
                && root.getAppender(appender) instanceof OutputStreamAppender<ILoggingEvent> output) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(root.getLoggerContext());
            encoder.setWithSequenceNumber(false);
            encoder.setWithNanoseconds(false);
            encoder.setWithContext(false);
            encoder.setWithMarkers(false);
            encoder.setWithMDC(false);
            encoder.setWithKVPList(false);
            encoder.setWithMessage(false);
            encoder.setWithArguments(false);
            encoder.setWithFormattedMessage(true);
            encoder.start();
            output.setEncoder(encoder);
        }
    }

    static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
