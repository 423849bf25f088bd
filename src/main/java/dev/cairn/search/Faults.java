package dev.cairn.search;

import dev.cairn.mcp.McpFault;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the rooms refuse, as errors of the protocol: for what no model reads, so that nobody could mend it by its words. */
final class Faults {
    private Faults() {}

    /** @param uri the resource that is asked for; null when it is about none */
    static <T> Future<T> of(@Nullable String uri, Supplier<Future<T>> asking) {
        Future<T> asked;
        try {
            asked = asking.get();
        } catch (CairnException e) {
            asked = Future.failedFuture(e);
        }
        return asked.recover(failure ->
                Future.failedFuture(failure instanceof CairnException refusal ? fault(uri, refusal) : failure));
    }

    private static McpFault fault(@Nullable String uri, CairnException refusal) {
        String why = refusal.code().wire() + ": " + refusal.getMessage();
        return switch (refusal.code()) {
            case INVALID_ARGUMENT -> McpFault.invalid(String.valueOf(refusal.getMessage()));
            case NOT_FOUND -> uri == null ? McpFault.invalid(why) : McpFault.noResource(uri, why);
            default -> McpFault.unavailable(why);
        };
    }
}
