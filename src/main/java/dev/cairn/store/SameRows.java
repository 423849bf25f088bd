package dev.cairn.store;

import java.util.List;
import java.util.stream.Collectors;

/**
 * When two rows are the same record under two ids: alike in where they come from and in all they say. Their turns' numbers are
 * no part of it, since these may differ between databases.
 */
final class SameRows {
    /** What must not be null stands first, as the index has it. */
    private static final List<String> MEMORY_EQUAL = List.of("kind", "created_at", "project_id", "platform");

    static final List<String> MEMORY_ALIKE = List.of(
            "session_id",
            "type",
            "title",
            "subtitle",
            "text",
            "facts",
            "concepts",
            "files_read",
            "files_modified",
            "commands");

    static final List<String> TOOL_USE_ALIKE =
            List.of("agent_id", "tool_use_id", "duration_ms", "error", "input", "response");
    private static final List<String> TOOL_USE_EQUAL = List.of("session_id", "created_at", "project_id", "tool_name");

    private SameRows() {}

    static String memory(String one, String other) {
        return pairs(one, other, MEMORY_EQUAL, MEMORY_ALIKE);
    }

    static String toolUse(String one, String other) {
        return pairs(one, other, TOOL_USE_EQUAL, TOOL_USE_ALIKE);
    }

    private static String pairs(String one, String other, List<String> equal, List<String> alike) {
        return equal.stream()
                        .map(column -> one + "." + column + " = " + other + "." + column)
                        .collect(Collectors.joining(" AND "))
                + alike.stream()
                        .map(column -> " AND " + one + "." + column + " IS " + other + "." + column)
                        .collect(Collectors.joining());
    }

    /** The same with marks for the values of the other, in the order of the lists above. */
    static String memoryMarks() {
        return marks(MEMORY_EQUAL, MEMORY_ALIKE);
    }

    static String toolUseMarks() {
        return marks(TOOL_USE_EQUAL, TOOL_USE_ALIKE);
    }

    private static String marks(List<String> equal, List<String> alike) {
        return equal.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "))
                + alike.stream().map(column -> " AND " + column + " IS ?").collect(Collectors.joining());
    }
}
