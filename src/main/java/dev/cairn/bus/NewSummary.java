package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The summary of a turn; it takes the place of an earlier one of the same turn. Fields as in {@code model.Summary}. */
public record NewSummary(
        @Nullable String request,
        @Nullable String investigated,
        @Nullable String learned,
        @Nullable String completed,
        @Nullable String nextSteps,
        @Nullable String notes,
        List<String> filesRead,
        List<String> filesModified,
        long createdAt) {
    public NewSummary {
        filesRead = List.copyOf(filesRead);
        filesModified = List.copyOf(filesModified);
    }
}
