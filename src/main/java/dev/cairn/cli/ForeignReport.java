package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Origin;
import dev.cairn.bus.WireFormat;
import dev.cairn.bus.claudemem.ForeignMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of another memory's rows, by kind. */
final class ForeignReport {
    private static final int MOST_NAMES = 10;
    /** The worker's word for each kind. */
    private static final Map<String, String> FIELDS = Map.of(
            Origin.SESSION, "sessions",
            Origin.PROMPT, "prompts",
            Origin.OBSERVATION, "observations",
            Origin.SUMMARY, "summaries",
            Origin.TOOL_USE, "toolUses");

    private final Path file;
    private final @Nullable Integer schema;
    private final Map<String, Long> rows;
    private final ForeignProjects projects;
    private final boolean dryRun;
    private final Map<String, Long> imported = new TreeMap<>();
    private final Map<String, Long> sent = new TreeMap<>();
    private final Map<String, Long> present = new TreeMap<>();
    private final Map<String, Long> skipped = new TreeMap<>();
    private final Map<String, Long> reasons = new TreeMap<>();

    ForeignReport(Path file, ForeignMemory memory, ForeignProjects projects, boolean dryRun) {
        this.file = file;
        this.schema = memory.schema();
        this.rows = memory.counts();
        this.projects = projects;
        this.dryRun = dryRun;
    }

    long rows() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    void present(String kind) {
        present.merge(kind, 1L, Long::sum);
    }

    void skipped(String kind, String why) {
        skipped.merge(kind, 1L, Long::sum);
        reasons.merge(why, 1L, Long::sum);
    }

    void sent(String kind) {
        sent.merge(kind, 1L, Long::sum);
    }

    /** The worker's counts of one batch. */
    void answered(JsonNode counts) {
        FIELDS.forEach((kind, field) -> imported.merge(kind, counts.path(field).asLong(), Long::sum));
    }

    private static long of(Map<String, Long> counts, String kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Those the worker knew, and those it recognised when they came. */
    private long presentOf(String kind) {
        return of(present, kind) + Math.max(0, of(sent, kind) - of(imported, kind));
    }

    /** Behind the reason of a run that broke off. */
    String soFar() {
        long taken = imported.values().stream().mapToLong(Long::longValue).sum();
        return dryRun || taken == 0
                ? "; nothing was taken in"
                : "; " + Texts.count(taken, "row was", "rows were")
                        + " taken in, and the same command again goes on from there";
    }

    String text(Terminal terminal) {
        StringBuilder text = new StringBuilder();
        text.append("claude-mem database ").append(file);
        text.append(schema == null ? "" : ", schema version " + schema).append('\n');
        Table table = new Table("KIND", "ROWS", dryRun ? "WOULD IMPORT" : "IMPORTED", "THERE ALREADY", "SKIPPED");
        for (String kind : ForeignImport.kinds()) {
            table.row(
                    kind,
                    number(of(rows, kind)),
                    number(of(imported, kind)),
                    number(presentOf(kind)),
                    number(of(skipped, kind)));
        }
        table.lines(terminal).forEach(line -> text.append(line).append('\n'));
        reasons.forEach((why, count) -> text.append("skipped: ")
                .append(number(count))
                .append(' ')
                .append(why)
                .append('\n'));
        if (dryRun) {
            projects.keys()
                    .forEach((name, key) -> text.append("project ")
                            .append(name)
                            .append(" = ")
                            .append(key)
                            .append('\n'));
        }
        List<String> nameOnly = projects.nameOnly();
        if (!nameOnly.isEmpty()) {
            text.append("known by name only, so sessions in their directories are not told of them: ")
                    .append(ForeignImport.listed(nameOnly, MOST_NAMES))
                    .append(dryRun ? "; give --project NAME=DIRECTORY\n" : "\n");
        }
        text.append("not taken along: token counts, model names, cloud synchronisation\n");
        return text.toString();
    }

    private static String number(long count) {
        return String.format(java.util.Locale.ROOT, "%,d", count);
    }

    String json() {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        json.put("file", file.toString()).put("dryRun", dryRun);
        if (schema != null) {
            json.put("schema", schema);
        }
        ObjectNode kinds = json.putObject("kinds");
        for (String kind : ForeignImport.kinds()) {
            kinds.putObject(kind)
                    .put("rows", of(rows, kind))
                    .put("imported", of(imported, kind))
                    .put("present", presentOf(kind))
                    .put("skipped", of(skipped, kind));
        }
        ObjectNode why = json.putObject("skipped");
        reasons.forEach(why::put);
        ObjectNode keys = json.putObject("projects");
        projects.keys().forEach(keys::put);
        projects.nameOnly().forEach(json.putArray("nameOnly")::add);
        return json.toString();
    }
}
