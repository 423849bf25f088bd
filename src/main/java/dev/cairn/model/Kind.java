package dev.cairn.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a memory is. Ids are unique over all three kinds. */
public enum Kind {
    OBSERVATION,
    SUMMARY,
    PROMPT;

    /** The word on the wire: {@code observation}, {@code summary}, {@code prompt}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this word, in any case, singular or plural; null when there is none. */
    public static @Nullable Kind parse(String word) {
        String w = word.toLowerCase(Locale.ROOT);
        for (Kind kind : values()) {
            if (w.equals(kind.toString()) || w.equals(kind.plural())) {
                return kind;
            }
        }
        return null;
    }

    public String plural() {
        return this == SUMMARY ? "summaries" : this + "s";
    }
}
