package dev.cairn.store;

import dev.cairn.model.Kind;

/** The numbers of kinds in the database, which never change. */
final class Kinds {
    static final int OBSERVATION = 1;
    static final int SUMMARY = 2;
    static final int PROMPT = 3;

    private Kinds() {}

    static int code(Kind kind) {
        return switch (kind) {
            case OBSERVATION -> OBSERVATION;
            case SUMMARY -> SUMMARY;
            case PROMPT -> PROMPT;
        };
    }

    static Kind of(int code) {
        return switch (code) {
            case OBSERVATION -> Kind.OBSERVATION;
            case SUMMARY -> Kind.SUMMARY;
            case PROMPT -> Kind.PROMPT;
            default -> throw new IllegalStateException("no kind has the number " + code);
        };
    }
}
