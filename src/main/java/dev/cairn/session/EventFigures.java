package dev.cairn.session;

/** How many events went to the store, and how many were excluded, since the link was made. For one event loop. */
final class EventFigures {
    private long recorded;
    private long excluded;

    void recorded(int events) {
        recorded += events;
    }

    /** By their directory or their project's name. */
    void excluded(int events) {
        excluded += events;
    }

    long recorded() {
        return recorded;
    }

    long excluded() {
        return excluded;
    }
}
