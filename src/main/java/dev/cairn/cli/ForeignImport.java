package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.Origin;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes another memory over: a page of rows after the other, of which the worker is first asked what it has already, so a run that was broken
 * off is soon where it was. A batch is whole in itself and taken in by transactions of the worker; nothing is kept here between runs.
 * Blocks.
 */
final class ForeignImport {
    private static final int TIMEOUT_MS = 120_000;
    private static final int PAGE = 500;

    private static final int BATCH_LINES = 900;
    private static final int BATCH_BYTES = 2 << 20;
    /** A worker reads no longer line; a little is left for what frames it. */
    private static final int LONGEST_LINE = (4 << 20) - 1_024;

    private static final String DIRECTORY = "import";
    private static final String HEADER = ExportFormat.header() + "\n";

    private final Session session;
    private final CairnConfig config;
    private final ForeignMemory.Opener opener;
    private final List<String> assigned;
    private final boolean dryRun;
    private final Set<ExportLine> batch = new LinkedHashSet<>();
    private final StringBuilder body = new StringBuilder(HEADER);
    private final Set<String> sentSessions = new HashSet<>();
    private int bytes;

    /** @param assigned projects as {@code NAME=DIRECTORY} */
    ForeignImport(
            Session session, CairnConfig config, ForeignMemory.Opener opener, List<String> assigned, boolean dryRun) {
        this.session = session;
        this.config = config;
        this.opener = opener;
        this.assigned = assigned;
        this.dryRun = dryRun;
    }

    /** @throws CairnException when it breaks off; what was taken in until then stays */
    ForeignReport take(Path file) {
        requireFile(file);
        session.requireRunning(config);
        try (ForeignMemory memory = open(file)) {
            ForeignProjects projects = new ForeignProjects(session, config, assigned, memory.projects());
            ForeignReport report = new ForeignReport(file, memory, projects, dryRun);
            try {
                take(memory, projects, report);
            } catch (CairnException e) {
                throw new CairnException(e.code(), e.getMessage() + report.soFar(), e.field(), e);
            }
            return report;
        }
    }

    /** Before the worker is asked for, so that a mistyped path is told whether one runs or not. */
    private static void requireFile(Path file) {
        if (!Files.isReadable(file) && Files.exists(file)) {
            throw CairnException.invalid("FILE", file + " may not be read; check its owner and permissions");
        }
        if (!Files.exists(file)) {
            throw CairnException.invalid(
                    "FILE",
                    file
                            + " is not there; claude-mem keeps claude-mem.db in its data directory, by default ~/.claude-mem");
        }
    }

    private ForeignMemory open(Path file) {
        long total = (file.toFile().length() + 1_023) / 1_024;
        long[] rest = {0};
        try (Progress progress = new Progress(session.terminal(), "copy", "KiB", total)) {
            return opener.open(file, config.dataDir().resolve(DIRECTORY), copied -> {
                rest[0] += copied;
                progress.add(rest[0] / 1_024);
                rest[0] %= 1_024;
            });
        }
    }

    private void take(ForeignMemory memory, ForeignProjects projects, ForeignReport report) {
        long total = report.rows();
        try (Progress progress = new Progress(session.terminal(), dryRun ? "look" : "import", "rows", total)) {
            long after = 0;
            for (List<ForeignMemory.Key> page = memory.keys(after, PAGE);
                    !page.isEmpty();
                    page = memory.keys(after, PAGE)) {
                Set<String> known = known(page);
                for (ForeignMemory.Key key : page) {
                    if (known.contains(name(key.origin(), key.createdAt()))) {
                        report.present(key.kind());
                    } else {
                        read(memory, projects, report, key);
                    }
                    progress.add(1);
                }
                after = page.get(page.size() - 1).position();
            }
            flush(report);
        }
    }

    private static String name(String origin, @org.jspecify.annotations.Nullable Long createdAt) {
        return origin + '@' + createdAt;
    }

    private Set<String> known(List<ForeignMemory.Key> page) {
        List<String> ids = page.stream().map(ForeignMemory.Key::origin).toList();
        JsonNode found = session.post(config, "/api/imported/batch", Map.of("ids", ids));
        Set<String> known = new HashSet<>();
        found.path("items")
                .forEach(item -> known.add(name(
                        item.path("origin").asText(), item.path("createdAt").asLong())));
        return known;
    }

    private void read(ForeignMemory memory, ForeignProjects projects, ForeignReport report, ForeignMemory.Key key) {
        ForeignMemory.Lines lines = memory.read(key, projects::of);
        ExportLine line = lines.row().line();
        if (line == null) {
            report.skipped(key.kind(), String.valueOf(lines.row().skipped()));
            return;
        }
        String text = ExportFormat.write(line);
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE) {
            report.skipped(key.kind(), key.kind() + " of more than 4 MiB");
            return;
        }
        if (bytes + text.length() > BATCH_BYTES || batch.size() >= BATCH_LINES) {
            flush(report);
        }
        lines.before().forEach(this::add);
        add(line);
        report.sent(key.kind());
    }

    /** A session is told once in a run, a turn once in a batch. */
    private void add(ExportLine line) {
        if (line instanceof ExportLine.SessionLine told
                && !sentSessions.add(told.platform() + '\0' + told.sessionId())) {
            return;
        }
        if (batch.add(line)) {
            String text = ExportFormat.write(line);
            body.append(text).append('\n');
            bytes += text.length();
        }
    }

    private void flush(ForeignReport report) {
        if (batch.isEmpty()) {
            return;
        }
        byte[] lines = body.toString().getBytes(StandardCharsets.UTF_8);
        String url = session.url(config, Session.query("/api/import", Map.of("dryRun", dryRun)));
        String answer = session.http(config, TIMEOUT_MS)
                .upload(url, "application/x-ndjson", new ByteArrayInputStream(lines), (part, length) -> {});
        report.answered(Session.json(answer));
        batch.clear();
        body.setLength(HEADER.length());
        bytes = 0;
    }

    /** The kinds in the order they are told of. */
    static List<String> kinds() {
        return List.of(Origin.SESSION, Origin.PROMPT, Origin.OBSERVATION, Origin.SUMMARY, Origin.TOOL_USE);
    }

    static String listed(List<String> names, int most) {
        String more = names.size() > most ? ", and " + (names.size() - most) + " more" : "";
        return names.stream().limit(most).collect(Collectors.joining(", ")) + more;
    }
}
