package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log, of either format.
 *
 * @param time ISO 8601, UTC
 * @param severity the level's place in {@link #LEVELS}
 * @param message what was logged; the lines of a stack trace follow it
 */
record LogEntry(String time, int severity, String thread, String logger, String message) {
    /** From the gravest on. */
    static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private static final Pattern HEAD = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z) (ERROR|WARN|INFO|DEBUG|TRACE) +\\[([^\\]]*)\\] (\\S+) (.*)");

    String text(Terminal terminal) {
        String level = LEVELS.get(severity);
        String shown = severity == 0
                ? terminal.state("error").replace("error", level)
                : severity == 1 ? terminal.state("warn").replace("warn", level) : level;
        return terminal.dim(time) + " " + shown + " ".repeat(5 - level.length()) + " " + terminal.dim(logger) + " "
                + message;
    }

    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        return json.put("time", time)
                .put("level", LEVELS.get(severity).toLowerCase(java.util.Locale.ROOT))
                .put("thread", thread)
                .put("logger", logger)
                .put("message", message)
                .toString();
    }

    private static @Nullable LogEntry parse(String line) {
        if (line.startsWith("{")) {
            return ofJson(line);
        }
        Matcher head = HEAD.matcher(line);
        return head.matches()
                ? new LogEntry(
                        head.group(1), LEVELS.indexOf(head.group(2)), head.group(3), head.group(4), head.group(5))
                : null;
    }

    private static @Nullable LogEntry ofJson(String line) {
        try {
            JsonNode json = JsonTree.read(line);
            int severity = LEVELS.indexOf(json.path("level").asText());
            if (severity < 0) {
                return null;
            }
            Instant time = Instant.ofEpochMilli(json.path("timestamp").asLong());
            StringBuilder message =
                    new StringBuilder(json.path("formattedMessage").asText());
            JsonNode thrown = json.path("throwable");
            if (thrown.isObject()) {
                message.append('\n').append(thrown.path("className").asText()).append(": ");
                message.append(thrown.path("message").asText());
                for (JsonNode step : thrown.path("stepArray")) {
                    message.append("\n\tat ")
                            .append(step.path("className").asText())
                            .append('.');
                    message.append(step.path("methodName").asText());
                    message.append(':').append(step.path("lineNumber").asInt());
                }
            }
            return new LogEntry(
                    millis(time),
                    severity,
                    json.path("threadName").asText(),
                    json.path("loggerName").asText(),
                    message.toString());
        } catch (IOException e) {
            // A line that is no entry belongs to the one before it.
            return null;
        }
    }

    private static String millis(Instant time) {
        String text = time.truncatedTo(ChronoUnit.MILLIS).toString();
        return text.length() == 20 ? text.replace("Z", ".000Z") : text;
    }

    /** Makes entries of lines: one that has no head of its own belongs to the entry before it. */
    static final class Reader {
        private final Predicate<LogEntry> wanted;
        private @Nullable LogEntry open;

        Reader(Predicate<LogEntry> wanted) {
            this.wanted = wanted;
        }

        /** The entries that this line completes. */
        List<LogEntry> take(String line) {
            LogEntry next = parse(line);
            if (next == null) {
                LogEntry before = open;
                if (before != null) {
                    open = new LogEntry(
                            before.time(),
                            before.severity(),
                            before.thread(),
                            before.logger(),
                            before.message() + "\n" + line);
                }
                return List.of();
            }
            List<LogEntry> done = end();
            open = next;
            return done;
        }

        /** The last entry. */
        List<LogEntry> end() {
            List<LogEntry> done = new ArrayList<>();
            if (open != null && wanted.test(open)) {
                done.add(open);
            }
            open = null;
            return done;
        }
    }
}
