package dev.cairn.vector;

/** What an index refused a call with. Chroma's errors are sentences; the kind is read from their words. */
final class IndexException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    enum Kind {
        MISSING_COLLECTION,
        COLLECTION_EXISTS,
        DUPLICATE_IDS,
        OTHER
    }

    private final Kind kind;

    IndexException(String message) {
        this(kindOf(message), message);
    }

    IndexException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    private static Kind kindOf(String message) {
        if (message.contains("IDs already exist")) {
            return Kind.DUPLICATE_IDS;
        }
        if (message.contains("Collection [") && message.contains("does not exist")) {
            return Kind.MISSING_COLLECTION;
        }
        return message.contains("Failed to create collection") && message.contains("already exists")
                ? Kind.COLLECTION_EXISTS
                : Kind.OTHER;
    }
}
