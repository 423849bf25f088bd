package dev.cairn.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.cairn.config.LogConfig;
import java.nio.file.Path;
import java.util.Map;

/**
 * The log of Cairn's own processes, set up in Java: reading it from XML was an eighth of the start. Logback finds this class by its
 * service file and asks it first; it answers only in a process that {@link #take took} its log, so that an application which
 * embeds the worker keeps its own.
 *
 * @see <a href="https://logback.qos.ch/manual/configuration.html">Logback: initialization steps</a>
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String CONSOLE_PATTERN = "%d{HH:mm:ss.SSS} %-5level %msg%n%ex{short}";
    private static final String FILE_PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{24} %msg%n";

    private static final Map<String, Level> OTHERS = Map.of(
            // The launcher tells a failed start with a stack trace; Cairn tells it in one line.
            "io.vertx.launcher.application",
            Level.OFF,
            // Asks SQLite for what it cannot give before a parameter is bound, and logs each refusal at debug.
            "io.vertx.jdbcclient",
            Level.INFO,
            // Warns that gauges without labels for the peer are one gauge, which is what is wanted.
            "io.micrometer",
            Level.ERROR,
            "io.netty",
            Level.WARN,
            // Warns at each start that it could be faster and more consistent; here it only finds the other JVMs of a
            // test.
            "com.hazelcast",
            Level.ERROR);

    private static volatile boolean taken;

    /** This process's log is Cairn's, and silent until one of the methods below is called. Before the first logger is made. */
    static void take() {
        taken = true;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!taken) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        root(context).setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * The worker's log: a file that rolls over by size, and standard error.
     *
     * @param consoleLevel the least level that standard error tells of
     * @param jsonOnConsole whether standard error has JSON lines too when the configuration asks for them
     */
    static void worker(
            LoggerContext context, Path directory, LogConfig config, Level consoleLevel, boolean jsonOnConsole) {
        levels(context, config.level());
        ConsoleAppender<ILoggingEvent> console =
                console(context, config.json() && jsonOnConsole ? json(context) : pattern(context, CONSOLE_PATTERN));
        ThresholdFilter filter = new ThresholdFilter();
        filter.setContext(context);
        filter.setLevel(consoleLevel.toString());
        filter.start();
        console.addFilter(filter);
        root(context).addAppender(file(context, directory, config));
    }

    /** Standard error alone, for a process whose standard output is a protocol's. */
    static void standardError(LoggerContext context, String level) {
        levels(context, level);
        console(context, pattern(context, CONSOLE_PATTERN));
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static void levels(LoggerContext context, String level) {
        root(context).setLevel(Level.WARN);
        OTHERS.forEach((name, least) -> context.getLogger(name).setLevel(least));
        context.getLogger("dev.cairn").setLevel(Level.toLevel(level));
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, Encoder<ILoggingEvent> encoder) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        root(context).addAppender(console);
        return console;
    }

    private static OwnerOnlyLogFile file(LoggerContext context, Path directory, LogConfig config) {
        OwnerOnlyLogFile file = new OwnerOnlyLogFile();
        file.setContext(context);
        file.setName("file");
        file.setFile(directory.resolve("cairn.log").toString());
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(directory.resolve("cairn.%i.log").toString());
        rolling.setMinIndex(1);
        rolling.setMaxIndex(config.files() - 1);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(config.maxBytes()));
        size.setCheckIncrement(Duration.buildBySeconds(1));
        size.start();
        file.setRollingPolicy(rolling);
        file.setTriggeringPolicy(size);
        file.setEncoder(config.json() ? json(context) : pattern(context, FILE_PATTERN));
        file.start();
        return file;
    }

    private static Encoder<ILoggingEvent> pattern(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
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
        return encoder;
    }
}
