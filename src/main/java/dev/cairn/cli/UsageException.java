package dev.cairn.cli;

/** A command was used in a way it does not know; the message says how it is meant. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
