package dev.cairn.process;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process the worker owns, with everything it starts itself. Thread-safe. */
public interface Child {
    /** What became of it: STOPPING from the first attempt to end it, GONE when its whole tree is. */
    enum State {
        RUNNING,
        STOPPING,
        GONE
    }

    String kind();

    long pid();

    State state();

    /**
     * Writes one line to its standard input. Lines are written in the order of the calls, by a thread of the child's own.
     *
     * @param line without a line end
     * @return succeeds when the line is handed to the operating system; fails when the child is ending, or reads so slowly
     *     that too much waits already
     */
    Future<Void> send(String line);

    /**
     * Reads its standard output line by line; may be called once. Nothing is lost before: the pipe holds it. A line longer
     * than {@link #MAX_LINE} characters ends the child. The handler runs on the caller's Vert.x context.
     */
    void lines(Handler<String> handler);

    /** The longest line it may write, in characters. */
    int MAX_LINE = 32 * 1024 * 1024;

    /** While it is busy it is not idle, however long it neither reads nor writes. */
    void busy(boolean busy);

    /** The last lines of its standard error, the newest last; at most 20. */
    List<String> lastErrors();

    /** Completes when the process and all it started are gone, however that came. Never fails. */
    Future<Exit> gone();

    /**
     * Ends it and everything it started: end of input, SIGTERM to its group, SIGKILL to whatever is left. Any number of
     * callers share one future.
     *
     * @param reason for the log
     * @return succeeds when all are gone; never fails
     */
    Future<Exit> stop(String reason);

    /** Ends it like {@link #stop}, because another is wanted in its place; when it ends already that stays as it is. */
    Future<Exit> recycle(String reason);

    /** Whether it was ended by {@link #recycle}: then its end is no failure. */
    boolean recycled();

    /** The limit that ended it, with its value; null when none did. */
    @Nullable
    String breach();

    /**
     * How it ended.
     *
     * @param code the exit code, 128 + the signal's number where one ended it; -1 when it is not known
     * @param step what ended it
     */
    record Exit(int code, Step step) {}

    /** The step of a stop that ended it; ITSELF when nobody asked. */
    enum Step {
        ITSELF,
        EOF,
        TERM,
        KILL
    }
}
