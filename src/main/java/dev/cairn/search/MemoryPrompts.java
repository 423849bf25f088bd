package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.SearchParameters;
import dev.cairn.mcp.McpFault;
import dev.cairn.mcp.McpPrompt;
import dev.cairn.mcp.McpPrompt.Argument;
import dev.cairn.model.CompactText;
import dev.cairn.model.PlainText;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** What a user may ask of memory by a command of the host. */
final class MemoryPrompts {
    static final String RECALL = "recall";
    static final String HANDOVER = "handover";
    static final String REMEMBER = "remember";
    private static final Argument PROJECT =
            new Argument("project", "Only this project: its directory or its name", false);

    private final Bus bus;
    private final Sessions sessions;

    MemoryPrompts(Bus bus) {
        this.bus = bus;
        this.sessions = new Sessions(bus);
    }

    List<McpPrompt> all() {
        return List.of(
                new McpPrompt(
                        RECALL,
                        "Recall a topic",
                        "Answers from memory: what earlier sessions did, found and decided about a topic",
                        List.of(new Argument("topic", "Words", true), PROJECT),
                        arguments -> Faults.of(null, () -> recall(arguments))),
                new McpPrompt(
                        HANDOVER,
                        "Take a session over",
                        "Goes on where a session stopped: what was asked, done and left open",
                        List.of(
                                new Argument(
                                        "session",
                                        "The session's id, the worker's or the host's; the last one that ended when left"
                                                + " out",
                                        false),
                                PROJECT),
                        arguments -> Faults.of(null, () -> handover(arguments))),
                new McpPrompt(
                        REMEMBER,
                        "Remember something",
                        "Saves what is worth knowing later: a text, or what this conversation brought",
                        List.of(
                                new Argument("text", "What to remember; from the conversation when left out", false),
                                PROJECT),
                        arguments -> Future.succeededFuture(remember(arguments))));
    }

    private Future<String> recall(Map<String, String> arguments) {
        String topic = bounded(arguments.getOrDefault("topic", ""), "topic", SearchQuery.MAX_TEXT);
        SearchQuery query = SearchParameters.parse(new Parameters(name -> switch (name) {
            case "query" -> List.of(topic);
            case "project" -> value(arguments, "project");
            default -> List.of();
        }));
        return bus.request(Addresses.SEARCH_QUERY, query)
                .map(found -> "What do we know from earlier sessions about this topic?\n\n" + quoted(topic)
                        + "\nMemory's index of it follows. Read what bears on the topic with get_observations, search again"
                        + " with other words if that is too little, then answer with the ids you rely on.\n\n"
                        + CompactText.hits(found.hits(), found.total(), 0));
    }

    private Future<String> handover(Map<String, String> arguments) {
        String id = arguments.get("session");
        String project = arguments.get("project");
        return (id == null ? sessions.last(project) : sessions.find(bounded(id, "session", NewMemory.MAX_SESSION)))
                .compose(found -> sessions.told(found.orElseThrow(() -> McpFault.invalid(
                        id == null
                                ? "project: no session is known" + (project == null ? "" : " of this project")
                                : "session: none has this id; resources/list shows the newest"))))
                .map(told ->
                        "Take over from the session below. Say in a few lines what was asked, what was done, what was"
                                + " decided and what is left open, with the ids you rely on; then ask what to go on with.\n\n"
                                + SessionText.of(told));
    }

    private static String remember(Map<String, String> arguments) {
        String text = arguments.get("text");
        String project = arguments.get("project");
        return (text == null
                        ? "Save what this conversation brought that is worth knowing in later sessions: decisions and their"
                                + " reasons, causes found, traps, what the user prefers. Search memory first; what is there"
                                + " already needs no saving, and what has changed is saved with the ids it supersedes."
                        : "Remember this, word for word where words matter:\n\n"
                                + quoted(bounded(text, "text", NewMemory.MAX_TEXT)))
                + "\nUse save_memory, once for each thing, in full sentences that make sense without this conversation"
                + (project == null ? "." : ", for the project " + PlainText.line(project, NewMemory.MAX_PROJECT) + ".")
                + " Say what you saved and its ids.\n";
    }

    private static String quoted(String text) {
        return PlainText.quote(text, "  | ", Integer.MAX_VALUE);
    }

    private static String bounded(String text, String name, int max) {
        if (text.length() > max) {
            throw McpFault.invalid(name + " has more than " + max + " characters; shorten it");
        }
        return text;
    }

    private static List<String> value(Map<String, String> arguments, String name) {
        String value = arguments.get(name);
        return value == null ? List.of() : List.of(value);
    }
}
