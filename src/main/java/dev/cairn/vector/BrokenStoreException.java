package dev.cairn.vector;

/** Chroma starts, but cannot open what it keeps on disk. */
final class BrokenStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenStoreException(String message) {
        super(message);
    }

    /** Whether SQLite itself says so, by its codes for a malformed database and for a file that is none: no other try helps. */
    boolean certain() {
        String message = String.valueOf(getMessage());
        return message.contains("(code: 11)") || message.contains("(code: 26)");
    }
}
