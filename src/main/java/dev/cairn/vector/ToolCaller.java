package dev.cairn.vector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;

/** Calls the tools of an MCP server. */
interface ToolCaller {
    /**
     * @param failed whether the tool says that it failed; the texts tell why
     * @param texts the text of each item of the answer
     */
    record Answer(boolean failed, List<String> texts) {
        public Answer {
            texts = List.copyOf(texts);
        }
    }

    /** @return fails with a {@code CairnException} when no answer came: TIMEOUT past the deadline, UNAVAILABLE otherwise */
    Future<Answer> call(String tool, ObjectNode arguments, long timeoutMs);
}
