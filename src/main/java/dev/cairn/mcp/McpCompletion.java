package dev.cairn.mcp;

import io.vertx.core.Future;
import java.util.List;

/** Proposes values for an argument while it is typed. Must not block, must complete in bounded time. */
public interface McpCompletion {
    /**
     * @param subject the name of a prompt, or a URI template
     * @param argument one of its arguments or variables
     * @param typed what is there so far; may be empty
     * @return the best first; only the first 100 are told
     */
    Future<List<String>> complete(String subject, String argument, String typed);
}
