package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the worker logs: the way from a hook to its observation, never a secret, within its bounds. */
class LogIT {
    private static final String TOKEN = "tok-5e5a1c0ffee-never-logged";
    private static final String KEY = "sk-ant-api03-" + "A1b2C3d4".repeat(10);

    /** The least that {@code log.maxBytes} may be. */
    private static final int LEAST_BYTES = 64 * 1024;

    @TempDir
    Path dir;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> hook(WorkerProcess worker, String event, String requestId, String fields)
            throws Exception {
        String json = "{\"session_id\":\"s1\",\"transcript_path\":\"/t\",\"cwd\":\"/home/dev/p\",\"prompt_id\":\"p1\","
                + "\"hook_event_name\":\"" + event + "\"" + fields + "}";
        return http.send(
                HttpRequest.newBuilder(URI.create(worker.url() + "/hooks/" + event))
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .header("X-Request-Id", requestId)
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String log() throws Exception {
        return Files.readString(dir.resolve("logs").resolve("cairn.log"));
    }

    private String awaitLog(Pattern pattern) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            Matcher found = pattern.matcher(log());
            if (found.find()) {
                return found.group(1);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no " + pattern + " in\n" + log());
    }

    @Test
    void theRequestsIdLeadsToTheObservationAndNoSecretIsLogged() throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("CAIRN_LOG_LEVEL", "trace");
        environment.put("CAIRN_HTTP_AUTH", "token");
        environment.put("CAIRN_TOKEN", TOKEN);
        try (WorkerProcess worker = WorkerProcess.launch(dir, environment, List.of())) {
            worker.awaitReady();
            assertThat(hook(worker, "UserPromptSubmit", "prompt.1", ",\"prompt\":\"use " + KEY + "\"")
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> use = hook(
                    worker,
                    "PostToolUse",
                    "use:42",
                    ",\"tool_name\":\"Write\",\"tool_use_id\":\"u1\",\"tool_input\":{\"file_path\":\"/home/dev/p/A.java\","
                            + "\"content\":\"" + KEY + "\"},\"tool_response\":{\"type\":\"create\"}");
            assertThat(use.statusCode()).isEqualTo(200);
            assertThat(use.headers().firstValue("X-Request-Id")).contains("use:42");
            assertThat(hook(worker, "Stop", "bad id; forged", "")
                            .headers()
                            .firstValue("X-Request-Id")
                            .orElseThrow())
                    .as("what cannot stand in a line gets another name")
                    .matches("[a-z0-9]+-[a-z0-9]+");

            String turn = awaitLog(Pattern.compile("Request use:42 is recorded, turn \\[(\\d+)]"));
            String observations = awaitLog(Pattern.compile("Turn " + turn + " is observed: observations \\[([^]]*)]"));
            assertThat(observations).matches("\\d+(, \\d+)*");
            worker.terminate();
            worker.awaitExit();
            assertThat(log()).doesNotContain(TOKEN).doesNotContain(KEY);
            assertThat(String.join("\n", worker.errors()))
                    .contains("use:42")
                    .doesNotContain(TOKEN)
                    .doesNotContain(KEY);
        }
    }

    @Test
    void jsonIsOneObjectALineAndTheCommandReadsIt() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_LOG_FORMAT", "json"), List.of())) {
            worker.awaitReady();
            worker.terminate();
            worker.awaitExit();
            for (String line : worker.errors()) {
                assertThat(new ObjectMapper().readTree(line).path("level").asText())
                        .isNotEmpty();
            }
        }
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .anyMatch(line -> line.path("formattedMessage").asText().startsWith("Ready at "));
        try (WorkerProcess logs = WorkerProcess.launch(dir, Map.of(), List.of("logs", "-n", "1000"))) {
            assertThat(logs.awaitExit()).isZero();
            assertThat(logs.output())
                    .hasSizeGreaterThanOrEqualTo(lines.size())
                    .anyMatch(line -> line.matches("\\S+Z INFO .* Ready at http.*"));
        }
    }

    @Test
    void aLogThatIsFullRollsOverWithinItsBoundsAndLosesNothingAtTheSeams() throws Exception {
        Map<String, String> environment = Map.of(
                "CAIRN_LOG_LEVEL", "debug",
                "CAIRN_HTTP_AUTH", "token",
                "CAIRN_TOKEN", TOKEN,
                "CAIRN_LOG_MAX_BYTES", Integer.toString(LEAST_BYTES),
                "CAIRN_LOG_FILES", "3");
        Path logs = dir.resolve("logs");
        List<Integer> kept = new ArrayList<>();
        try (WorkerProcess worker = WorkerProcess.launch(dir, environment, List.of())) {
            worker.awaitReady();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            int last = 0;
            while (!firstFileIsGone(logs)) {
                assertThat(System.nanoTime()).as("%s requests", last).isLessThan(deadline);
                for (int i = 0; i < 200; i++) {
                    last++;
                    assertThat(hook(worker, "UserPromptSubmit", "seam." + last, ",\"prompt\":\"once more\"")
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
            worker.terminate();
            worker.awaitExit();
            kept.addAll(numbered(logs));
            assertThat(kept.get(kept.size() - 1)).isEqualTo(last);
        }
        int first = kept.get(0);
        assertThat(kept)
                .as("each line once and in its order")
                .isEqualTo(IntStream.range(first, first + kept.size()).boxed().toList());
        List<Path> files;
        try (Stream<Path> all = Files.list(logs)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("cairn"))
                    .sorted()
                    .toList();
        }
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("cairn.1.log", "cairn.2.log", "cairn.log");
        assertThat(files).allSatisfy(file -> {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            // Its size is looked at once a second.
            assertThat(Files.size(file)).isLessThan(LEAST_BYTES * 20L);
        });
        for (Path aside : List.of(logs.resolve("cairn.1.log"), logs.resolve("cairn.2.log"))) {
            assertThat(Files.size(aside)).isGreaterThanOrEqualTo(LEAST_BYTES);
            assertThat(Files.readString(aside)).as("no line is cut").endsWith("\n");
        }
    }

    /** The oldest file that is kept is not the one that the first request stands in. */
    private static boolean firstFileIsGone(Path logs) throws Exception {
        try {
            return !Files.readString(logs.resolve("cairn.2.log")).contains("Request seam.1 is recorded");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The numbers of the requests that the log tells of. */
    private static List<Integer> numbered(Path logs) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        for (String file : List.of("cairn.2.log", "cairn.1.log", "cairn.log")) {
            Matcher told =
                    Pattern.compile("Request seam\\.(\\d+) is recorded").matcher(Files.readString(logs.resolve(file)));
            while (told.find()) {
                numbers.add(Integer.parseInt(told.group(1)));
            }
        }
        return numbers;
    }

    @Test
    void followingGoesOnAcrossARotationAndLevelsAreChosen() throws Exception {
        Path logs = Files.createDirectories(dir.resolve("logs"));
        Path file = logs.resolve("cairn.log");
        Files.writeString(file, entry("INFO", "first") + entry("WARN", "second") + "\tat a.b.C\n");
        try (WorkerProcess follow = WorkerProcess.launch(dir, Map.of(), List.of("logs", "-f", "--level", "warn"))) {
            awaitOutput(follow, "second");
            Files.move(file, logs.resolve("cairn.1.log"));
            Files.writeString(
                    logs.resolve("cairn.1.log"), entry("ERROR", "third"), java.nio.file.StandardOpenOption.APPEND);
            Files.writeString(file, entry("WARN", "fourth"));
            awaitOutput(follow, "fourth");
            assertThat(follow.output())
                    .anyMatch(line -> line.endsWith(" third"))
                    .anyMatch(line -> line.equals("\tat a.b.C"))
                    .noneMatch(line -> line.endsWith(" first"));
            follow.terminate();
            assertThat(follow.awaitExit()).isEqualTo(143);
        }
    }

    private static void awaitOutput(WorkerProcess process, String end) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (process.output().stream().noneMatch(line -> line.endsWith(" " + end))) {
            assertThat(System.nanoTime()).as("%s", process.output()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static String entry(String level, String message) {
        return "2026-11-22T10:00:00.000Z " + String.format("%-5s", level) + " [main] d.c.Test " + message + "\n";
    }
}
