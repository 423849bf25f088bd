package dev.cairn.model;

import java.util.Locale;

/** How hits are ordered. */
public enum SearchOrder {
    RELEVANCE,
    NEWEST,
    OLDEST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
