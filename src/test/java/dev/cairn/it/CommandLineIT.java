package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The script of the command line with the real jar against a real worker, in pipes and on a real terminal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {
    private static final Path SCRIPT = Path.of("deploy", "bin", "cairn").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path home;

    private Path dir;

    @BeforeAll
    void start() throws Exception {
        dir = home.resolve("data");
        Tools.Run start = cairn("start");
        assertThat(start.output()).startsWith("started at http://127.0.0.1:");
        assertThat(start.exitCode()).isZero();
    }

    @AfterAll
    void stop() throws Exception {
        assertThat(cairn("stop").exitCode()).isZero();
        assertThat(cairn("stop").exitCode()).as("there is none any more").isEqualTo(3);
    }

    private Map<String, String> environment(Path data) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CAIRN_DATA_DIR", data.toString());
        environment.put("CAIRN_PORT", "0");
        environment.put("CAIRN_VECTOR_MODE", "off");
        environment.put("CAIRN_JAR", WorkerProcess.JAR.toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("TERM", "xterm");
        return environment;
    }

    private Tools.Run cairn(String... arguments) throws Exception {
        return cairnOf(dir, arguments);
    }

    private Tools.Run cairnOf(Path data, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return Tools.run(home, environment(data), command);
    }

    /** On a terminal of its own, with these keys typed. */
    private Tools.Run onTerminal(String keys, Map<String, String> more, String command) throws Exception {
        Path script = Tools.require("script");
        Map<String, String> environment = environment(dir);
        environment.put("COLUMNS", "60");
        environment.putAll(more);
        String line = "printf '" + keys + "' | " + script + " -qec '" + SCRIPT + " " + command + "' /dev/null";
        return Tools.run(home, environment, List.of("/bin/sh", "-c", line));
    }

    private long save(String project, String text) throws Exception {
        Tools.Run run = cairn("save", "--project", project, text);
        assertThat(run.exitCode()).as(run.output()).isZero();
        return Long.parseLong(run.output().strip());
    }

    @Test
    void throughLinksItFindsTheJarAndARuntimeBesideTheJarGoesFirst() throws Exception {
        Path tree = Files.createDirectories(home.resolve("opt/cairn"));
        Path bin = Files.createDirectories(tree.resolve("bin"));
        Files.copy(SCRIPT, bin.resolve("cairn"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(tree.resolve("cairn.jar"), WorkerProcess.JAR.toAbsolutePath());
        Files.createSymbolicLink(tree.resolve("runtime"), Path.of(System.getProperty("java.home")));
        Path absolute = Files.createSymbolicLink(home.resolve("absolute"), bin.resolve("cairn"));
        Path path = Files.createDirectory(home.resolve("path"));
        Files.createSymbolicLink(
                path.resolve("cairn"), Path.of("..", absolute.getFileName().toString()));
        Map<String, String> environment = environment(home.resolve("nothing"));
        environment.remove("CAIRN_JAR");
        environment.put("JAVA_HOME", "/does/not/exist");
        environment.put("PATH", path + ":/usr/bin:/bin");
        Tools.Run run = Tools.run(home, environment, List.of("/bin/sh", "-c", "cairn --version"));
        assertThat(run.exitCode()).as(run.output()).isZero();
    }

    @Test
    void everyCommandEndsWithThreeWhenNoWorkerRuns() throws Exception {
        Path empty = Files.createDirectory(home.resolve("empty"));
        List<List<String>> commands = List.of(
                List.of("stop"),
                List.of("status"),
                List.of("ps"),
                List.of("turns"),
                List.of("retry", "--all"),
                List.of("usage"),
                List.of("doctor"),
                List.of("search", "x"),
                List.of("timeline", "1"),
                List.of("show", "1"),
                List.of("context", "p"),
                List.of("save", "--project", "p", "x"),
                List.of("forget", "1"),
                List.of("export"),
                List.of("import", "-"));
        for (List<String> command : commands) {
            Tools.Run run = cairnOf(empty, command.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", command, run.output()).isEqualTo(3);
            assertThat(run.output()).startsWith("cairn: no worker is running; start it with 'cairn start'");
        }
        assertThat(Files.list(empty))
                .as("a command that only asks leaves nothing behind")
                .isEmpty();
    }

    @Test
    void wrongUseEndsWithTwo() throws Exception {
        Map<List<String>, String> wrong = Map.ofEntries(
                Map.entry(List.of("serach", "x"), "there is no command 'serach'"),
                Map.entry(List.of("search", "--nope"), "unknown option --nope"),
                Map.entry(List.of("search", "x", "--limit", "many"), "--limit must be a whole number, not 'many'"),
                Map.entry(List.of("search", "x", "--limit", "0"), "limit"),
                Map.entry(List.of("turns", "--state", "done"), "state must be pending, claimed, parked, not 'done'"),
                Map.entry(List.of("retry"), "give either ids or --all"),
                Map.entry(List.of("retry", "1", "--all"), "give either ids or --all"),
                Map.entry(List.of("usage", "--days", "0"), "--days must be 1 to 400, not 0"),
                Map.entry(List.of("usage", "--by", "colour"), "by must be of day, provider"),
                Map.entry(List.of("timeline"), "give either ANCHOR or --query"),
                Map.entry(List.of("show"), "ID is missing"),
                Map.entry(List.of("save", "x"), "--project is missing"),
                Map.entry(List.of("forget"), "give ids, or at least one of"),
                Map.entry(List.of("forget", "--project", "p"), "this is no terminal to ask on"),
                Map.entry(List.of("export", "--format", "xml"), "format must be jsonl or markdown"),
                Map.entry(List.of("import", "/does/not/exist"), "/does/not/exist is not a readable file"),
                Map.entry(List.of("logs", "--level", "loud"), "--level must be one of"),
                Map.entry(List.of("config"), "cairn config takes one of"),
                Map.entry(List.of("config", "set", "http.prot", "1"), "http.prot is not a setting"),
                Map.entry(List.of("config", "set", "http.port", "70000"), "http.port"),
                Map.entry(List.of("status", "-conf", "/does/not/exist"), "/does/not/exist is not readable"));
        for (Map.Entry<List<String>, String> each : wrong.entrySet()) {
            Tools.Run run = cairn(each.getKey().toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", each.getKey(), run.output()).isEqualTo(2);
            assertThat(run.output()).startsWith("cairn: ").contains(each.getValue());
        }
    }

    @Test
    void aWorkerThatMustNotRunRefusesARepairWithFour() throws Exception {
        Tools.Run repair = cairn("doctor", "--repair");
        assertThat(repair.exitCode()).as(repair.output()).isEqualTo(4);
        Tools.Run check = cairn("doctor", "--database");
        assertThat(check.output()).isEqualTo("the database is sound\n");
        assertThat(check.exitCode()).isZero();
    }

    @Test
    void aSecondStartSaysThatOneRuns() throws Exception {
        Tools.Run again = cairn("start");
        assertThat(again.output()).startsWith("already running at http://127.0.0.1:");
        assertThat(again.exitCode()).isZero();
    }

    @Test
    void readingCommandsSpeakJson() throws Exception {
        long id = save("json", "The json project talks to programs");
        for (List<String> command : List.of(
                List.of("status"),
                List.of("ps"),
                List.of("turns"),
                List.of("usage"),
                List.of("doctor"),
                List.of("search", "programs"),
                List.of("timeline", Long.toString(id)),
                List.of("show", Long.toString(id)),
                List.of("context", "json"),
                List.of("config", "list"))) {
            List<String> arguments = new ArrayList<>(command);
            arguments.add("--json");
            Tools.Run run = cairn(arguments.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", command, run.output()).isZero();
            assertThat(JSON.readTree(run.output()).isEmpty()).as(run.output()).isFalse();
        }
        assertThat(cairn("show", Long.toString(id), "999999").exitCode()).isEqualTo(1);
    }

    @Test
    void aTableIsPlainInAPipeAndFitsATerminal() throws Exception {
        String title = "A zephyr memory whose title is far longer than a narrow terminal is wide, by a lot";
        save("tables", title);
        Tools.Run pipe = cairn("search", "zephyr");
        assertThat(pipe.output())
                .startsWith("ID ")
                .contains("KIND", title.substring(0, 60))
                .doesNotContain("\u001b");

        Tools.Run terminal = onTerminal("", Map.of(), "search zephyr");
        assertThat(terminal.output()).contains("\u001b[1mID").contains("…");
        assertThat(terminal.output().replaceAll("\u001b\\[[0-9;]*m", "").lines())
                .allMatch(line -> line.stripTrailing().length() <= 60);

        Tools.Run plain = onTerminal("", Map.of("NO_COLOR", "1"), "search zephyr");
        assertThat(plain.output()).doesNotContain("\u001b[").contains("…");
    }

    @Test
    void forgettingAsksOnATerminalAndTakesNoAsNo() throws Exception {
        save("mayfly", "This will be forgotten soon");
        Tools.Run no = onTerminal("n\\n", Map.of(), "forget --project mayfly");
        assertThat(no.output())
                .contains("would forget 1 observation, 0 summaries")
                .contains("nothing was forgotten");
        assertThat(no.exitCode()).isEqualTo(1);
        Tools.Run yes = onTerminal("y\\n", Map.of(), "forget --project mayfly");
        assertThat(yes.output()).contains("Forget them for good? [y/N]").contains("forgot 1 observation, 0 ");
        assertThat(yes.exitCode()).isZero();

        save("mayfly", "And this without being asked");
        assertThat(cairn("forget", "--project", "mayfly", "--dry-run").output()).startsWith("would forget 1 obs");
        assertThat(cairn("forget", "--project", "mayfly", "--yes").output()).startsWith("forgot 1 observation, 0 ");
        long id = save("mayfly", "By its id no terminal is needed");
        assertThat(cairn("forget", Long.toString(id)).output()).startsWith("forgot 1 observation, 0 ");
    }

    @Test
    void whatIsExportedIsTakenInOnceByAnotherWorker() throws Exception {
        save("carried", "Carried from one machine to another");
        Path file = home.resolve("carried.jsonl");
        Files.writeString(file, "what was there before");
        Tools.Run export = cairn("export", "--project", "carried", "--output", file.toString());
        assertThat(export.output()).startsWith("exported ").endsWith(" lines to " + file + "\n");
        assertThat(Files.readString(file)).contains("Carried from one machine");
        assertThat(home.resolve("carried.jsonl.part")).doesNotExist();
        assertThat(cairn("export", "--project", "carried").output()).isEqualTo(Files.readString(file));
        assertThat(cairn("export", "--project", "carried", "--format", "markdown")
                        .output())
                .contains("Carried from one machine");

        Path other = home.resolve("other");
        assertThat(cairnOf(other, "start").exitCode()).isZero();
        try {
            assertThat(cairnOf(other, "import", "--dry-run", file.toString()).output())
                    .startsWith("would take in ");
            assertThat(cairnOf(other, "search", "carried").output()).isEqualTo("nothing found\n");
            assertThat(cairnOf(other, "import", file.toString()).output())
                    .contains(" 1 observation, 0 summaries ")
                    .endsWith("; 0 were there already\n");
            assertThat(cairnOf(other, "import", file.toString()).output())
                    .contains(" 0 observations, ")
                    .endsWith("; 1 was there already\n");
            assertThat(cairnOf(other, "search", "carried").output()).contains("Carried from one machine");
        } finally {
            cairnOf(other, "stop");
        }
        Files.writeString(file, "not json\n");
        assertThat(cairn("import", file.toString()).exitCode()).isEqualTo(2);
    }

    @Test
    void anExportThatCannotBeFinishedLeavesTheOldFile() throws Exception {
        Path directory = Files.createDirectory(home.resolve("taken"));
        Files.writeString(directory.resolve("inside"), "kept");
        // A directory stands where the file should go: the last step fails.
        Tools.Run run = cairn("export", "--output", directory.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(directory.resolve("inside")).hasContent("kept");
        assertThat(home.resolve("taken.part")).doesNotExist();
    }

    @Test
    void longWorkShowsProgressOnATerminalAlone() throws Exception {
        save("progress", "Something to carry");
        String out = home.resolve("progress.jsonl").toString();
        assertThat(onTerminal("", Map.of(), "export --output " + out).output()).contains("export [");
        assertThat(cairn("export", "--output", out).output())
                .doesNotContain("export [")
                .doesNotContain("\r");
        assertThat(onTerminal("", Map.of(), "import " + out).output()).contains("import [");
    }

    @Test
    void settingsAreChangedInTheFileAndSayWhereTheyComeFrom() throws Exception {
        assertThat(cairn("config", "get", "observer.max").output()).isEqualTo("2\n");
        assertThat(cairn("config", "set", "observer.max", "3").output()).contains("holds from the next start");
        assertThat(Files.readString(dir.resolve("settings.json"))).contains("\"max\" : 3");
        assertThat(cairn("config", "list").output())
                .contains("observer.max *")
                .contains("the running worker has another value");
        JsonNode port = row("http.port");
        assertThat(port.path("source").asText()).isEqualTo("environment");
        assertThat(row("observer.max").path("source").asText()).isEqualTo("settings");
        assertThat(cairn("config", "set", "http.port", "4000").output()).contains("environment stands above it");
        assertThat(cairn("config", "unset", "observer.max").exitCode()).isZero();
        assertThat(cairn("config", "unset", "http.port").exitCode()).isZero();
        assertThat(row("observer.max").path("source").asText()).isEqualTo("default");
        assertThat(cairn("config", "set", "project.exclude", "/a", "/b").exitCode())
                .isZero();
        assertThat(cairn("config", "get", "project.exclude").output()).isEqualTo("[\"/a\",\"/b\"]\n");
        assertThat(cairn("config", "unset", "project.exclude").exitCode()).isZero();
        assertThat(cairn("config", "get", "http.token").output()).contains("is a secret and never shown");
    }

    private JsonNode row(String key) throws Exception {
        for (JsonNode row : JSON.readTree(cairn("config", "list", "--json").output())) {
            if (row.path("key").asText().equals(key)) {
                return row;
            }
        }
        throw new AssertionError(key);
    }

    @Test
    void aDamagedOrStaleArchiveIsNotSpokenOf() throws Exception {
        assertThat(cairn("status").exitCode()).isZero();
        Path cache = dir.resolve("cache");
        List<Path> archives;
        try (var files = Files.list(cache)) {
            archives = files.filter(file -> file.getFileName().toString().startsWith("commands-"))
                    .toList();
        }
        assertThat(archives).hasSize(1);
        Path archive = archives.get(0);
        String sound = cairn("config", "get", "observer.attempts").output();
        Files.delete(archive);
        Files.writeString(archive, "this is no archive");
        assertThat(cairn("config", "get", "observer.attempts").output()).isEqualTo(sound);
        Files.delete(archive);

        Path jar = Files.copy(WorkerProcess.JAR, home.resolve("cairn.jar"));
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L));
        Map<String, String> environment = environment(dir);
        environment.put("CAIRN_JAR", jar.toString());
        Tools.Run other = Tools.run(
                home, environment, List.of("/bin/sh", SCRIPT.toString(), "config", "get", "observer.attempts"));
        assertThat(other.output()).isEqualTo(sound);
    }
}
