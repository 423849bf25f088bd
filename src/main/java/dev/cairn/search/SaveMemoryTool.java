package dev.cairn.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.Projects;
import dev.cairn.bus.SaveMemories;
import dev.cairn.mcp.McpTool;
import dev.cairn.mcp.McpToolAnswer;
import dev.cairn.model.CairnException;
import dev.cairn.model.PlainText;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code save_memory}: keeps what a model was told or found out. */
final class SaveMemoryTool {
    private static final int PROJECTS_NAMED = 10;

    private final Bus bus;

    SaveMemoryTool(Bus bus) {
        this.bus = bus;
    }

    McpTool tool() {
        ObjectNode schema = new Schema()
                .text("text", "What to remember, in full sentences that make sense without this conversation")
                .text("title", "One line; made from the text when left out")
                .text("type", "By default note; bugfix, feature, refactor, change, discovery, decision or another word")
                .text(
                        "project",
                        "The project it belongs to: its directory or its name. May be left out only while there is one"
                                + " project")
                .idOrIds(
                        "supersedes",
                        "Ids of memories that this one corrects, as search shows them; each is then shown with this one",
                        NewMemory.MAX_SUPERSEDED)
                .required("text");
        return McpTools.tool(
                "save_memory",
                "Save a memory",
                "Keeps something worth knowing in later sessions. Secrets in it are removed before it is stored.",
                schema,
                new McpTool.Output(OutputSchemas.SAVED, true),
                McpTool.Effect.ADDS,
                this::save);
    }

    private Future<McpToolAnswer> save(Parameters parameters) {
        String text = parameters.text("text", NewMemory.MAX_TEXT);
        if (text == null) {
            throw CairnException.invalid("text", "text is blank; give what to remember");
        }
        String title = parameters.text("title", NewMemory.MAX_TITLE);
        String type = parameters.text("type", 32);
        String given = parameters.text("project", NewMemory.MAX_PROJECT);
        List<Long> superseded = ToolArguments.idsOrNone(parameters, "supersedes");
        return bus.request(Addresses.STORE_PROJECTS, Nothing.NOTHING).compose(known -> {
            String project = resolve(given == null ? null : given.strip(), known);
            NewMemory memory = new NewMemory(
                    text,
                    title,
                    type == null ? null : type.strip().toLowerCase(Locale.ROOT),
                    project,
                    List.of(),
                    List.of(),
                    null,
                    null,
                    superseded);
            return bus.request(Addresses.SESSION_SAVE, new SaveMemories(List.of(memory), "mcp"))
                    .map(saved -> McpToolAnswer.structured(
                            "Saved as #" + saved.ids().get(0) + " in project "
                                    + PlainText.line(project, NewMemory.MAX_PROJECT) + ".\n",
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("id", saved.ids().get(0))
                                    .put("project", project)));
        });
    }

    /** The key of the project that is meant: a known key, the key with a known name, or a new one as it is given. */
    private static String resolve(@Nullable String given, Projects known) {
        List<Project> projects =
                known.projects().stream().map(Projects.Row::project).toList();
        if (given == null) {
            if (projects.size() == 1) {
                return projects.get(0).key();
            }
            throw CairnException.invalid(
                    "project",
                    projects.isEmpty()
                            ? "project is missing, and none is known yet; give the project's directory or a name"
                            : "project is missing, and there are several; give one: " + keys(projects));
        }
        if (projects.stream().anyMatch(project -> project.key().equals(given))) {
            return given;
        }
        List<Project> named = projects.stream()
                .filter(project -> project.name().equals(given))
                .toList();
        if (named.size() > 1) {
            throw CairnException.invalid(
                    "project", "project: several have this name; give the directory of one: " + keys(named));
        }
        return named.isEmpty() ? given : named.get(0).key();
    }

    private static String keys(List<Project> projects) {
        String keys = projects.stream()
                .limit(PROJECTS_NAMED)
                .map(project -> PlainText.line(project.key(), NewMemory.MAX_PROJECT))
                .collect(Collectors.joining(", "));
        return projects.size() > PROJECTS_NAMED ? keys + ", ..." : keys;
    }
}
