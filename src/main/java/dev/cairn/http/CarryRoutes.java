package dev.cairn.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.ImportedQuery;
import dev.cairn.bus.ImportedRows;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.ProjectQuery;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.List;

/** Carrying memories along: out as lines or as a document, and in again. */
final class CarryRoutes {
    private static final List<String> EXPORT = List.of("project", "session", "from", "to", "platform", "format");
    private static final List<String> IMPORT = List.of("dryRun");
    private static final List<String> ID = List.of("id");
    private static final List<String> DIRECTORY = List.of("directory");
    private static final String LINES = "application/x-ndjson";
    private static final String MARKDOWN = "text/markdown; charset=utf-8";
    private static final int MAX_WORD = 200;
    /** A batch is one transaction; shorter than a connection may be idle. */
    private static final long IMPORT_MS = 50_000;

    private final Bus bus;

    CarryRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        routes.get("/api/export", this::export);
        routes.post("/api/import", this::take);
        routes.get("/api/imported", this::imported);
        // A question, in a body since it may hold more ids than a path.
        routes.post("/api/imported/batch", this::importedBatch);
        routes.get("/api/project", this::project);
    }

    private Future<Answer> export(Exchange exchange) {
        Parameters parameters = exchange.parameters(EXPORT);
        String format = parameters.text("format", MAX_WORD);
        if (format != null && !format.equals("jsonl") && !format.equals("markdown")) {
            throw CairnException.invalid(
                    "format", "format must be jsonl or markdown, not '" + Parameters.shown(format) + "'");
        }
        ExportQuery query = new ExportQuery(
                parameters.text("project", NewMemory.MAX_PROJECT),
                parameters.text("session", MAX_WORD),
                parameters.time("from", false),
                parameters.time("to", true),
                parameters.text("platform", MAX_WORD),
                ExportQuery.MAX_LINES,
                null);
        boolean markdown = "markdown".equals(format);
        Future<? extends Outflow> body =
                markdown ? MarkdownExport.begin(bus, query, exchange) : LineExport.begin(bus, query);
        String name = "cairn-export." + (markdown ? "md" : "jsonl");
        return body.map(flow -> Answer.stream(markdown ? MARKDOWN : LINES, flow)
                .with("Content-Disposition", "attachment; filename=\"" + name + "\""));
    }

    private Future<Answer> take(Exchange exchange) {
        boolean dryRun = exchange.parameters(IMPORT).flag("dryRun", false);
        Intake intake = new Intake(bus, dryRun);
        return exchange.lines(intake).map(intake::answer).recover(failure -> Future.failedFuture(intake.told(failure)));
    }

    private Future<Answer> imported(Exchange exchange) {
        String id = exchange.parameters(ID).text("id", MAX_WORD);
        if (id == null) {
            throw CairnException.invalid("id", "id is missing; give one such as claude-mem:observation:12");
        }
        return bus.request(Addresses.STORE_IMPORTED, new ImportedQuery(List.of(id)))
                .map(found -> {
                    if (found.rows().isEmpty()) {
                        throw CairnException.notFound("nothing with the id " + id + " was imported");
                    }
                    return items(found);
                });
    }

    private Future<Answer> importedBatch(Exchange exchange) {
        return exchange.json(body -> {
                    List<String> ids = Fields.of(body).texts("ids", ImportedQuery.MAX_ORIGINS);
                    if (ids.isEmpty()) {
                        throw CairnException.invalid("ids", "ids is missing; give a list such as [\"claude-mem:12\"]");
                    }
                    return ids;
                })
                .compose(ids -> bus.request(Addresses.STORE_IMPORTED, new ImportedQuery(ids)))
                .map(CarryRoutes::items);
    }

    private static Answer items(ImportedRows found) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        json.set("items", WireFormat.mapper().valueToTree(found.rows()));
        return Answer.json(200, json.toString());
    }

    private Future<Answer> project(Exchange exchange) {
        String directory = exchange.parameters(DIRECTORY).text("directory", ProjectQuery.MAX_DIRECTORY);
        if (directory == null) {
            throw CairnException.invalid("directory", "directory is missing; give an absolute path");
        }
        return bus.request(Addresses.SESSION_PROJECT, new ProjectQuery(directory))
                .map(found -> Answer.json(
                        200,
                        WireFormat.mapper()
                                .createObjectNode()
                                .put("key", found.project().key())
                                .put("name", found.project().name())
                                .put("excluded", found.excluded())
                                .toString()));
    }

    /** One import: a batch after the other. */
    private static final class Intake implements LineReader.Sink {
        private final Bus bus;
        private final boolean dryRun;
        private Imported sum = new Imported(0, 0, 0, 0, 0, 0);
        private int lines;

        Intake(Bus bus, boolean dryRun) {
            this.bus = bus;
            this.dryRun = dryRun;
        }

        @Override
        public Future<Void> take(List<String> batch, int firstLine) {
            ImportLines request = new ImportLines(batch, firstLine, dryRun);
            return bus.request(Addresses.SESSION_IMPORT, request, IMPORT_MS).map(imported -> {
                sum = sum.plus(imported);
                lines += batch.size();
                return null;
            });
        }

        Answer answer(int count) {
            ObjectNode json = WireFormat.mapper().valueToTree(sum);
            return Answer.json(
                    200, json.put("lines", count).put("dryRun", dryRun).toString());
        }

        /** A refusal that says what became of the lines before. */
        CairnException told(Throwable failure) {
            CairnException refusal = Bus.toCairn(Addresses.SESSION_IMPORT.name(), failure);
            String rest = dryRun || lines == 0
                    ? "; nothing was taken in"
                    : "; the " + lines + " lines before were taken in, and the same import again passes over them";
            return new CairnException(refusal.code(), refusal.getMessage() + rest, refusal.field(), failure);
        }
    }
}
