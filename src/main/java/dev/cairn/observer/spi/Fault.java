package dev.cairn.observer.spi;

/** Why a question brought no answer. */
public enum Fault {
    /** Something is missing on this machine, or a setting is wrong: no program, no key, no such model. */
    SETUP,
    /** Who asks is not known or not allowed: a key that is wrong or was withdrawn, a login that ran out. */
    AUTH,
    /** What was paid for or granted is used up. */
    QUOTA,
    /** Too many questions at once or in a time. */
    RATE_LIMIT,
    /** The service has too much to do, or is broken for the moment. */
    OVERLOAD,
    /** The service was not reached, broke off, or took too long. */
    TRANSPORT,
    /** The question is longer than the model reads. */
    TOO_LONG,
    /** The question itself was refused. */
    REJECTED,
    /** The service answered something that is not of its protocol, or too much. */
    PROTOCOL
}
