package dev.cairn.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What a command talks to: which of its streams are terminals, how wide, and whether colours are wanted there. */
public final class Terminal {
    /** The descriptors that are terminals, such as {@code 012}; the script of the command line knows. */
    private static final String PROPERTY = "cairn.terminal";

    private static final int DEFAULT_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 40;
    private static final int MOST_COLUMNS = 500;

    private final boolean in;
    private final boolean out;
    private final boolean err;
    private final boolean colours;
    private final int columns;

    private Terminal(boolean in, boolean out, boolean err, boolean colours, int columns) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.colours = colours;
        this.columns = columns;
    }

    /** The terminal of this process. {@code NO_COLOR} set to anything, or {@code TERM=dumb}, switches colours off. */
    static Terminal of(Map<String, String> environment) {
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        boolean out = isTerminal(1);
        return new Terminal(
                isTerminal(0), out, isTerminal(2), out && !plain, columns(environment.getOrDefault("COLUMNS", "")));
    }

    /** Whether this file descriptor of the process is a terminal. */
    public static boolean isTerminal(int descriptor) {
        String told = System.getProperty(PROPERTY);
        if (told != null) {
            return told.indexOf('0' + descriptor) >= 0;
        }
        // Java itself tells of its streams only together, and not on every version.
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            // Not Linux, and not started by deploy/bin/cairn, which would have told.
            return false;
        }
    }

    private static int columns(String text) {
        return text.matches("\\d{1,4}")
                ? Math.max(LEAST_COLUMNS, Math.min(Integer.parseInt(text), MOST_COLUMNS))
                : DEFAULT_COLUMNS;
    }

    /** Whether people read standard output. */
    boolean out() {
        return out;
    }

    /** Whether people read standard error: where progress and questions go. */
    boolean err() {
        return err;
    }

    /** Whether somebody can be asked. */
    boolean asks() {
        return in && err;
    }

    boolean colours() {
        return colours;
    }

    int columns() {
        return columns;
    }

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    /** The word of a state in its colour: green when all is well, red when something is down, else yellow. */
    String state(String word) {
        return switch (word) {
            case "up", "yes", "ok" -> styled("32", word);
            case "down", "no", "error" -> styled("31", word);
            default -> styled("33", word);
        };
    }

    private String styled(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** Asks on standard error; anything but yes is a no, and so is the end of the input. */
    boolean confirm(String question) {
        System.err.print(question + " [y/N] ");
        System.err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            String word = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
            return word.equals("y") || word.equals("yes");
        } catch (IOException e) {
            // No answer can be read, so none was given.
            return false;
        }
    }
}
