package dev.cairn.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.What;
import dev.cairn.bus.WireFormat;
import dev.cairn.mcp.McpFault;
import dev.cairn.mcp.McpResources;
import dev.cairn.model.Session;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memories and sessions by URI. The newest are listed; the templates name every one. */
final class MemoryResources implements McpResources {
    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    private static final String FORMAT = "; ?format=json gives the record";

    private static final List<Template> TEMPLATES = List.of(
            template("observation", "Observation", "What was done or found, in full, by the id that search shows"),
            template("summary", "Summary", "What came of one prompt, by its id"),
            template("prompt", "Prompt", "What the user said, by its id"),
            template(
                    "session",
                    "Session",
                    "Its turns with their summaries and the index of what was observed, by its id"));

    private final Bus bus;
    private final Sessions sessions;
    private final ResourceList list;

    MemoryResources(Bus bus) {
        this.bus = bus;
        this.sessions = new Sessions(bus);
        this.list = new ResourceList(bus);
    }

    private static Template template(String kind, String title, String description) {
        return new Template("cairn://" + kind + "/{id}", kind, title, description + FORMAT, TEXT);
    }

    static String template(String kind) {
        return "cairn://" + kind + "/{id}";
    }

    @Override
    public List<Template> templates() {
        return TEMPLATES;
    }

    @Override
    public Future<Page> list(@Nullable String cursor) {
        return Faults.of(null, () -> list.page(cursor));
    }

    @Override
    public Future<Content> read(String uri) {
        MemoryUri name = MemoryUri.parse(uri);
        return Faults.of(uri, () -> name.kind().equals(MemoryUri.SESSION) ? session(uri, name) : memory(uri, name));
    }

    private Future<Content> memory(String uri, MemoryUri name) {
        long id = name.number();
        if (id == 0) {
            throw McpFault.noResource(uri, "the id of a memory is a whole number from 1");
        }
        return bus.request(Addresses.STORE_FETCH, new Fetch(What.MEMORIES, List.of(id)))
                .map(page -> {
                    Memories.Memory found = Memories.byId(page).get(id);
                    if (found == null || !found.kind().toString().equals(name.kind())) {
                        throw McpFault.noResource(uri, "no " + name.kind() + " has the id " + id);
                    }
                    return name.json()
                            ? new Content(uri, JSON, found.json().toString())
                            : new Content(uri, TEXT, found.text());
                });
    }

    private Future<Content> session(String uri, MemoryUri name) {
        return sessions.find(name.id()).compose(found -> {
            Session session = found.orElseThrow(() -> McpFault.noResource(uri, "no session has this id"));
            return sessions.told(session)
                    .map(told -> name.json()
                            ? new Content(uri, JSON, json(told).toString())
                            : new Content(uri, TEXT, SessionText.of(told)));
        });
    }

    private static ObjectNode json(Sessions.Told told) {
        ObjectNode json = WireFormat.mapper().valueToTree(told.session());
        json.set("summaries", WireFormat.mapper().valueToTree(told.rows().summaries()));
        json.set("prompts", WireFormat.mapper().valueToTree(told.rows().prompts()));
        json.set("observations", WireFormat.mapper().valueToTree(told.rows().observations()));
        return json.put("older", told.rows().next() != null);
    }
}
