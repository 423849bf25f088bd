package dev.cairn.observer.ask;

import dev.cairn.observer.spi.Fault;

/** What came back for a question. Together with {@link Outcomes} this is all that can happen. */
enum Finding {
    /** Observations, or a summary, of the asked form. */
    ANSWERED,
    /** The asked form, saying that there is nothing to remember. */
    NOTHING,
    /** No words at all. */
    EMPTY,
    /** JSON, but not of the asked form. */
    DRIFT,
    /** An answer that broke off, because it grew too long or by itself. */
    CUT,
    /** Words that tell something about the work, instead of JSON. */
    PROSE,
    /** Words that tell nothing about the work. */
    CHATTER,
    /** The model declined. */
    REFUSED,
    TOO_LONG,
    REJECTED,
    PROTOCOL,
    SETUP,
    AUTH,
    QUOTA,
    RATE_LIMIT,
    OVERLOAD,
    TRANSPORT;

    static Finding of(Fault fault) {
        return switch (fault) {
            case SETUP -> SETUP;
            case AUTH -> AUTH;
            case QUOTA -> QUOTA;
            case RATE_LIMIT -> RATE_LIMIT;
            case OVERLOAD -> OVERLOAD;
            case TRANSPORT -> TRANSPORT;
            case TOO_LONG -> TOO_LONG;
            case REJECTED -> REJECTED;
            case PROTOCOL -> PROTOCOL;
        };
    }
}
