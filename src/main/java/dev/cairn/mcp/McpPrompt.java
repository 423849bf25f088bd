package dev.cairn.mcp;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A prompt that a user may choose, as by a slash command.
 *
 * @param name lower-case letters and underscores
 * @param title for people
 * @param description for people
 * @param get gets the arguments that are given and not blank, all of those that are required among them; must not block, must
 *     complete in bounded time, and gives what the user says to the model. Fails with a {@link McpFault}, with anything else
 *     only by a defect.
 */
public record McpPrompt(
        String name,
        String title,
        String description,
        List<Argument> arguments,
        Function<Map<String, String>, Future<String>> get) {
    /** @param description for people */
    public record Argument(String name, String description, boolean required) {}

    public McpPrompt {
        arguments = List.copyOf(arguments);
    }
}
