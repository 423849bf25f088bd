package dev.cairn.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a child is started and ended.
 *
 * @param kind what it is, for limits ({@code process.limits.<kind>}), figures and logs; such as {@code chroma-mcp}
 * @param argv the program and its arguments; no shell reads them
 * @param environment all it gets beside the worker's own marks: nothing is inherited
 * @param directory its working directory; must exist
 * @param eofGraceMs how long it may take to end by itself once its standard input is closed, in milliseconds
 * @param termGraceMs how long it may take after SIGTERM, in milliseconds, before it is killed
 */
public record ChildSpec(
        String kind,
        List<String> argv,
        Map<String, String> environment,
        Path directory,
        long eofGraceMs,
        long termGraceMs) {
    /** Long enough for a child that saves its state, short enough for a stop within five seconds. */
    public static final long EOF_GRACE_MS = 500;

    public static final long TERM_GRACE_MS = 1_500;

    public ChildSpec {
        if (argv.isEmpty() || argv.get(0).isBlank()) {
            throw new IllegalArgumentException("argv names no program");
        }
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /** With the ordinary graces. */
    public static ChildSpec of(String kind, List<String> argv, Map<String, String> environment, Path directory) {
        return new ChildSpec(kind, argv, environment, directory, EOF_GRACE_MS, TERM_GRACE_MS);
    }
}
