package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.bus.claudemem.RowLines;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands that carry memories from one worker to another. */
final class CarryCommands {
    /** A batch of an import is one transaction, and may wait behind others. */
    private static final int TIMEOUT_MS = 120_000;

    private static final String STREAM = "-";

    private CarryCommands() {}

    @Command(name = "export", description = "Writes memories and what they were made of to a file.")
    static final class Export extends WorkerCommand {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description =
                        "The file; standard output without it. A file of that name is replaced when all is there.")
        String output = STREAM;

        @Option(names = "--format", description = "jsonl, which import reads, or markdown for people.")
        String format = "jsonl";

        @Option(names = "--project", description = "Only this project: its key or its name.")
        @Nullable
        String project;

        @Option(names = "--session", description = "Only this session: the agent's id for it.")
        @Nullable
        String agentSession;

        @Option(names = "--from", description = "At or after: 2026-11-22, 2026-11-22T10:00:00Z, 7d or epoch ms.")
        @Nullable
        String from;

        @Option(names = "--to", description = "At or before.")
        @Nullable
        String to;

        private long lines;

        Export(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws IOException {
            CairnConfig config = config();
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            parameters.put("project", project);
            parameters.put("session", agentSession);
            parameters.put("from", from);
            parameters.put("to", to);
            parameters.put("format", format);
            String url = session.url(config, Session.query("/api/export", parameters));
            WorkerHttp http = session.http(config, TIMEOUT_MS);
            try (Progress progress = new Progress(terminal(), "export", "lines", expected(config))) {
                if (output.equals(STREAM)) {
                    OutputStream out = new BufferedOutputStream(System.out);
                    copy(http, url, out, progress);
                    out.flush();
                    return System.out.checkError() ? FAILED : DONE;
                }
                toFile(http, url, Path.of(output).toAbsolutePath(), progress);
            }
            System.out.println("exported " + Texts.count(lines, "line", "lines") + " to " + output);
            return DONE;
        }

        /** About how many lines there will be; 0 when that cannot be said. */
        private long expected(CairnConfig config) {
            boolean part = project != null || agentSession != null || from != null || to != null;
            if (part || !format.equals("jsonl") || !terminal().err()) {
                return 0;
            }
            JsonNode stats = session.get(config, "/api/stats");
            long expected = 0;
            for (String kind : List.of("sessions", "prompts", "toolUses", "observations", "summaries")) {
                expected += stats.path(kind).asLong();
            }
            return expected;
        }

        /** All or nothing: what is not complete never has the file's name. */
        private void toFile(WorkerHttp http, String url, Path file, Progress progress) throws IOException {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            // Memories are for their owner alone wherever they lie.
            FileAttribute<?>[] ownerOnly = posix
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            Files.deleteIfExists(part);
            try {
                Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                try (FileChannel channel = FileChannel.open(part, fresh, ownerOnly);
                        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                    copy(http, url, out, progress);
                    out.flush();
                    channel.force(true);
                }
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        }

        private void copy(WorkerHttp http, String url, OutputStream out, Progress progress) {
            http.download(url, (bytes, length) -> {
                out.write(bytes, 0, length);
                long more = lines(bytes, length);
                lines += more;
                progress.add(more);
            });
        }
    }

    @Command(
            name = "import",
            description = "Takes in what export wrote, or another memory; what is there already is passed over.")
    static final class Import extends WorkerCommand {
        @Parameters(
                paramLabel = "FILE",
                required = false,
                description = "The file; - reads standard input. With --from claude-mem its database,"
                        + " ~/.claude-mem/claude-mem.db without FILE.")
        @Nullable
        String file;

        @Option(names = "--from", paramLabel = "MEMORY", description = "claude-mem: FILE is that worker's database.")
        @Nullable
        String from;

        @Option(
                names = "--project",
                paramLabel = "NAME=DIRECTORY",
                description =
                        "With --from: the directory of a project that is known by name only; for several give it again.")
        List<String> projects = List.of();

        @Option(names = "--dry-run", description = "Only says what would be taken in.")
        boolean dryRun;

        @Option(names = "--json", description = "The counts as JSON.")
        boolean json;

        private final ForeignMemory.Opener foreign;

        Import(Session session, ForeignMemory.Opener foreign) {
            super(session);
            this.foreign = foreign;
        }

        @Override
        public Integer call() throws IOException {
            if (from != null) {
                return takeOver(from);
            }
            if (!projects.isEmpty()) {
                throw misuse("--project is for --from; an export names the directories of its projects");
            }
            String file = this.file;
            if (file == null) {
                throw misuse("FILE is missing");
            }
            CairnConfig config = config();
            String url = session.url(config, Session.query("/api/import", Map.of("dryRun", dryRun)));
            boolean stream = file.equals(STREAM);
            if (!stream && !Files.isReadable(Path.of(file))) {
                throw CairnException.invalid("FILE", file + " is not a readable file");
            }
            long size = stream ? 0 : (Files.size(Path.of(file)) + 1023) / 1024;
            String answer;
            try (InputStream in = stream ? System.in : Files.newInputStream(Path.of(file));
                    Progress progress = new Progress(terminal(), "import", "KiB", size)) {
                answer = upload(config, url, in, progress);
            }
            if (json) {
                System.out.println(answer.stripTrailing());
                return DONE;
            }
            JsonNode counts = Session.json(answer);
            System.out.println((dryRun ? "would take in " : "took in ")
                    + String.join(
                            ", ",
                            Texts.count(counts.path("sessions"), "session", "sessions"),
                            Texts.count(counts.path("prompts"), "prompt", "prompts"),
                            Texts.count(counts.path("toolUses"), "tool use", "tool uses"),
                            Texts.count(counts.path("observations"), "observation", "observations"),
                            Texts.count(counts.path("summaries"), "summary", "summaries"))
                    + " of " + Texts.count(counts.path("lines"), "line", "lines") + "; "
                    + Texts.count(counts.path("present"), "was", "were") + " there already");
            return DONE;
        }

        private Integer takeOver(String memory) {
            if (!memory.equals(RowLines.MEMORY)) {
                throw misuse("--from takes " + RowLines.MEMORY + ", not '" + memory + "'");
            }
            if (STREAM.equals(file)) {
                throw misuse("--from needs a file; it cannot read standard input");
            }
            Path database = file == null
                    ? Path.of(System.getProperty("user.home"), ".claude-mem", "claude-mem.db")
                    : Path.of(file);
            ForeignImport run = new ForeignImport(session, config(), foreign, projects, dryRun);
            ForeignReport report = run.take(database.toAbsolutePath());
            System.out.print(json ? report.json() + "\n" : report.text(terminal()));
            return DONE;
        }

        private String upload(CairnConfig config, String url, InputStream in, Progress progress) {
            long[] rest = {0};
            return session.http(config, TIMEOUT_MS).upload(url, "application/x-ndjson", in, (bytes, length) -> {
                rest[0] += length;
                progress.add(rest[0] / 1024);
                rest[0] %= 1024;
            });
        }
    }

    private static long lines(byte[] bytes, int length) {
        long lines = 0;
        for (int i = 0; i < length; i++) {
            lines += bytes[i] == '\n' ? 1 : 0;
        }
        return lines;
    }
}
