package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code POST /api/import} with rows of the contract's tables, beside the worker's own lines. Rows become lines of an export and go the
 * same way, so that what is there already is passed over.
 */
final class TableImport {
    private static final List<String> TABLES = List.of("sessions", "summaries", "observations", "prompts");
    private static final long TIMEOUT_MS = 50_000;

    private final Bus bus;
    private final Memories memories;

    TableImport(Bus bus, Memories memories) {
        this.bus = bus;
        this.memories = memories;
    }

    List<SharedDoor> shared() {
        return List.of(new SharedDoor("POST", "/api/import", this::take));
    }

    private Future<Reply> take(Request request, Supplier<Future<Reply>> own) {
        if (!request.isSmallJson()) {
            return own.get();
        }
        // Lines are no one JSON value; whatever is wrong with them, their own reader says it.
        Future<JsonNode> body = request.body().otherwise(Reply.object());
        return body.compose(json -> json.isObject() && TABLES.stream().anyMatch(json::has) ? take(json) : own.get());
    }

    private Future<Reply> take(JsonNode body) {
        return memories.projects().compose(known -> {
            Map<String, Project> projects = known.projects().stream()
                    .collect(Collectors.toMap(
                            row -> row.project().name(), row -> row.project(), (latest, older) -> latest));
            TableRows rows = new TableRows(
                    body, name -> Objects.requireNonNullElseGet(projects.get(name), () -> Project.named(name)));
            List<String> lines = rows.lines().stream().map(ExportFormat::write).toList();
            return take(lines, 0, new Imported(0, 0, 0, 0, 0, 0)).map(sum -> answer(rows, sum));
        });
    }

    /** A batch after the other, each in one transaction. */
    private Future<Imported> take(List<String> lines, int from, Imported sum) {
        if (from >= lines.size()) {
            return Future.succeededFuture(sum);
        }
        int to = Math.min(lines.size(), from + ImportLines.MAX_LINES - 1);
        List<String> batch = new ArrayList<>(to - from + 1);
        batch.add(ExportFormat.header());
        batch.addAll(lines.subList(from, to));
        return bus.request(Addresses.SESSION_IMPORT, new ImportLines(batch, 1, false), TIMEOUT_MS)
                .compose(imported -> take(lines, to, sum.plus(imported)));
    }

    private static Reply answer(TableRows rows, Imported sum) {
        ObjectNode json = Reply.object().put("success", true);
        ObjectNode stats = json.putObject("stats");
        counted(stats, "sessions", rows.count(ExportLine.SessionLine.class), sum.sessions());
        counted(stats, "summaries", rows.count(ExportLine.SummaryLine.class), sum.summaries());
        counted(stats, "observations", rows.count(ExportLine.ObservationLine.class), sum.observations());
        counted(stats, "prompts", rows.count(ExportLine.PromptLine.class), sum.prompts());
        return Reply.json(json);
    }

    private static void counted(ObjectNode stats, String table, int rows, int imported) {
        stats.put(table + "Imported", imported).put(table + "Skipped", rows - imported);
    }
}
