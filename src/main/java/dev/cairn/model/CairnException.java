package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/** A refusal that a caller is told: a code, a sentence with the remedy, and the field at fault when there is one. */
public final class CairnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String field;

    public CairnException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    public CairnException(ErrorCode code, String message, @Nullable String field, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
    }

    /** A value that cannot be accepted. */
    public static CairnException invalid(String field, String message) {
        return new CairnException(ErrorCode.INVALID_ARGUMENT, message, field, null);
    }

    public static CairnException notFound(String message) {
        return new CairnException(ErrorCode.NOT_FOUND, message);
    }

    public static CairnException unavailable(String message) {
        return new CairnException(ErrorCode.UNAVAILABLE, message);
    }

    public ErrorCode code() {
        return code;
    }

    public @Nullable String field() {
        return field;
    }

    /** Never null: every constructor sets it. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
