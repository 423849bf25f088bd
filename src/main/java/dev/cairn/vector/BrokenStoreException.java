package dev.cairn.vector;

/** Chroma starts, but cannot open what it keeps on disk. */
final class BrokenStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenStoreException(String message) {
        super(message);
    }
}
