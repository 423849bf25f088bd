package dev.cairn.observer.ask;

import java.util.List;

/** The one table that says what becomes of a batch. */
final class Outcomes {
    /** When a line counts. */
    enum When {
        ALWAYS,
        /** The question was not repaired yet. */
        UNREPAIRED,
        /** Less can be asked at once. */
        DIVISIBLE
    }

    /** A line of the table. */
    record Line(Finding finding, When when, Outcome outcome) {}

    /** The first line that fits decides. Every finding has a line that always counts. */
    static final List<Line> TABLE = List.of(
            new Line(Finding.ANSWERED, When.ALWAYS, Outcome.STORE),
            new Line(Finding.NOTHING, When.ALWAYS, Outcome.SKIP),
            new Line(Finding.EMPTY, When.UNREPAIRED, Outcome.REPAIR),
            new Line(Finding.EMPTY, When.ALWAYS, Outcome.FAIL),
            new Line(Finding.DRIFT, When.UNREPAIRED, Outcome.REPAIR),
            new Line(Finding.DRIFT, When.ALWAYS, Outcome.FAIL),
            new Line(Finding.CUT, When.DIVISIBLE, Outcome.SHRINK),
            new Line(Finding.CUT, When.ALWAYS, Outcome.SALVAGE),
            new Line(Finding.PROSE, When.ALWAYS, Outcome.SALVAGE),
            new Line(Finding.CHATTER, When.UNREPAIRED, Outcome.REPAIR),
            new Line(Finding.CHATTER, When.ALWAYS, Outcome.FAIL),
            new Line(Finding.REFUSED, When.DIVISIBLE, Outcome.SHRINK),
            new Line(Finding.REFUSED, When.ALWAYS, Outcome.SKIP),
            new Line(Finding.TOO_LONG, When.DIVISIBLE, Outcome.SHRINK),
            new Line(Finding.TOO_LONG, When.ALWAYS, Outcome.FAIL),
            new Line(Finding.REJECTED, When.ALWAYS, Outcome.FAIL),
            new Line(Finding.PROTOCOL, When.ALWAYS, Outcome.RETRY_LATER),
            new Line(Finding.SETUP, When.ALWAYS, Outcome.RETRY_LATER),
            new Line(Finding.AUTH, When.ALWAYS, Outcome.RETRY_LATER),
            new Line(Finding.QUOTA, When.ALWAYS, Outcome.RETRY_LATER),
            new Line(Finding.RATE_LIMIT, When.ALWAYS, Outcome.RETRY_LATER),
            new Line(Finding.OVERLOAD, When.ALWAYS, Outcome.RETRY_LATER),
            new Line(Finding.TRANSPORT, When.ALWAYS, Outcome.RETRY_LATER));

    private Outcomes() {}

    static Outcome of(Finding finding, boolean repaired, boolean divisible) {
        for (Line line : TABLE) {
            if (line.finding() == finding && counts(line.when(), repaired, divisible)) {
                return line.outcome();
            }
        }
        throw new IllegalStateException("the table has no line for " + finding);
    }

    private static boolean counts(When when, boolean repaired, boolean divisible) {
        return switch (when) {
            case ALWAYS -> true;
            case UNREPAIRED -> !repaired;
            case DIVISIBLE -> divisible;
        };
    }

    /**
     * Whether a batch that is to be tried later may itself be what is wrong: then it costs it an attempt, if the model answers
     * others.
     */
    static boolean mayBlame(Finding finding) {
        return finding == Finding.PROTOCOL || finding == Finding.TRANSPORT;
    }
}
