package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import java.util.List;
import java.util.Set;

/**
 * One coding agent's way to tell of its sessions, and to be told: what its hook bodies mean, and the form of an answer. Stateless;
 * used on any thread.
 *
 * <p>An event of a name that is not known is read as OTHER: a newer host must not be refused.
 */
interface Host {
    /** The answer when there is nothing to say; every host takes it as such. */
    String NOTHING_TO_SAY = "{}";

    /** The names of the events it is known to have. */
    Set<String> names();

    /**
     * What an event means to the memory.
     *
     * @param name the event, as the host calls it
     * @param platform as what it is recorded
     * @param now when it was received, in epoch milliseconds
     * @return at least one event, all of one session
     * @throws CairnException INVALID_ARGUMENT naming a field that is missing or of the wrong type
     */
    List<AgentEvent> read(String name, String platform, Fields fields, long now);

    /** Whether the answer to a prompt can bring context. */
    boolean hearsPrompts();

    /** The JSON to answer an event with that has no context. */
    default String confirm(String name) {
        return NOTHING_TO_SAY;
    }

    /** The JSON that gives context to the model: at the start of a session, or for a prompt if {@link #hearsPrompts()}. */
    default String tell(String name, String context) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        json.putObject("hookSpecificOutput").put("hookEventName", name).put("additionalContext", context);
        return json.toString();
    }
}
