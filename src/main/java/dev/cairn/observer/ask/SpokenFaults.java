package dev.cairn.observer.ask;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Faults that arrive as the words of an answer: some servers and programs say them as if the model had. */
final class SpokenFaults {
    /** A longer answer is one, whatever it speaks of; in UTF-16 units. */
    private static final int LONGEST = 400;

    private record Line(String words, Finding finding) {}

    private static final List<Line> TABLE = List.of(
            new Line("prompt is too long", Finding.TOO_LONG),
            new Line("maximum context length", Finding.TOO_LONG),
            new Line("context window exceeded", Finding.TOO_LONG),
            new Line("invalid api key", Finding.AUTH),
            new Line("please run /login", Finding.AUTH),
            new Line("oauth token has expired", Finding.AUTH),
            new Line("authentication_error", Finding.AUTH),
            new Line("credit balance is too low", Finding.QUOTA),
            new Line("usage limit reached", Finding.QUOTA),
            new Line("hit your limit", Finding.QUOTA),
            new Line("insufficient_quota", Finding.QUOTA),
            new Line("rate_limit_error", Finding.RATE_LIMIT),
            new Line("rate limit exceeded", Finding.RATE_LIMIT),
            new Line("too many requests", Finding.RATE_LIMIT),
            new Line("overloaded_error", Finding.OVERLOAD),
            new Line("internal server error", Finding.OVERLOAD));

    private SpokenFaults() {}

    static @Nullable Finding in(String answer) {
        if (answer.length() > LONGEST) {
            return null;
        }
        String words = answer.toLowerCase(Locale.ROOT);
        for (Line line : TABLE) {
            if (words.contains(line.words())) {
                return line.finding();
            }
        }
        return null;
    }
}
