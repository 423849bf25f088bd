package dev.cairn.http.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.WireFormat;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream as the public viewer opens it: without parameters. */
@Timeout(60)
class CompatStreamTest {
    @TempDir
    Path dir;

    @Test
    @DisplayName("events without a name come as recorded, types and fields alike, beside the worker's own named ones")
    void unnamedEventsAreAsRecorded() throws Exception {
        Map<String, JsonNode> recorded = new LinkedHashMap<>();
        for (JsonNode event : Recordings.stream()) {
            if (event.isTextual()) {
                JsonNode data = data(event.asText().strip());
                recorded.put(data.path("type").asText(), data);
            }
        }
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            // So that there is a project to be told of at the begin.
            init(worker, "earlier", "What was asked before");
            var stream = worker.stream("/stream");
            assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                Map<String, JsonNode> told = new LinkedHashMap<>();
                boolean named = false;
                boolean asked = false;
                String name = "";
                while (!told.keySet().containsAll(recorded.keySet()) || !named) {
                    String line = lines.readLine();
                    assertThat(line)
                            .as("the stream goes on; told so far: " + told.keySet())
                            .isNotNull();
                    if (line.startsWith("event: ")) {
                        name = line.substring("event: ".length());
                    } else if (line.isEmpty()) {
                        name = "";
                    } else if (line.startsWith("data: ") && name.isEmpty()) {
                        JsonNode data = data(line);
                        told.put(data.path("type").asText(), data);
                    } else if (line.startsWith("data: ")) {
                        named |= name.equals("prompt");
                    }
                    if (!asked && told.containsKey("processing_status")) {
                        asked = true;
                        init(worker, "api-sess-1", "Check kiosk boot order please");
                        worker.post(
                                "/api/sessions/observations",
                                "{\"contentSessionId\":\"api-sess-1\",\"tool_name\":\"Read\",\"tool_input\":{},"
                                        + "\"tool_response\":{},\"cwd\":\"/home/dev/larkspur\",\"tool_use_id\":\"tu-1\"}");
                    }
                }
                recorded.forEach((type, event) -> assertThat(Shape.differences(event, told.get(type)))
                        .as(type)
                        .isEmpty());
                assertThat(told.get("new_prompt").at("/prompt/prompt_text").asText())
                        .isEqualTo("Check kiosk boot order please");
            }
        }
    }

    @Test
    @DisplayName("a stream of chosen events has the worker's own alone, and so has every one without the contract")
    void chosenEventsAreNamed() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            assertThat(namesUntilPrompt(worker, "/stream?events=prompt,session"))
                    .doesNotContain("");
        }
        try (RealWorker worker = new RealWorker(dir, Map.of("compat", false))) {
            assertThat(namesUntilPrompt(worker, "/stream")).doesNotContain("");
        }
    }

    @Test
    @DisplayName(
            "how much waits to be observed is told when it has changed: by a turn that ends, is forgotten or settled")
    void whatWaitsIsTold() throws Exception {
        JsonObject nobody = new JsonObject().put("observer", new JsonObject().put("max", 0));
        try (RealWorker worker = new RealWorker(dir, Map.of(), nobody)) {
            var stream = worker.stream("/stream");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                assertThat(nextDepth(lines)).isZero();
                init(worker, "s-1", "Check kiosk boot order please");
                worker.post("/api/sessions/summarize", "{\"contentSessionId\":\"s-1\"}");
                assertThat(nextDepth(lines)).isEqualTo(1);
                assertThat(worker.post("/api/forget", "{\"session\":\"s-1\"}").status())
                        .isEqualTo(200);
                assertThat(nextDepth(lines)).isZero();
                init(worker, "s-2", "Check the clock");
                worker.post("/api/sessions/summarize", "{\"contentSessionId\":\"s-2\"}");
                assertThat(nextDepth(lines)).isEqualTo(1);
                park(worker.bus());
                assertThat(nextDepth(lines)).isZero();
            }
        }
    }

    private static void park(Bus bus) throws Exception {
        bus.request(Addresses.STORE_CLAIM, new ClaimTurn("test", Long.MAX_VALUE))
                .compose(claimed -> bus.request(
                        Addresses.STORE_FAIL,
                        new FailTurn(Objects.requireNonNull(claimed.work()).turnId(), "test", "no reason", null)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static int nextDepth(BufferedReader lines) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            // A sign of life comes every 15 s.
            String line = lines.readLine();
            assertThat(System.nanoTime()).as("told in time").isLessThan(deadline);
            assertThat(line).as("the stream goes on").isNotNull();
            if (line.startsWith("data: ") && data(line).path("type").asText().equals("processing_status")) {
                return data(line).path("queueDepth").asInt(-1);
            }
        }
    }

    private static Set<String> namesUntilPrompt(RealWorker worker, String path) throws Exception {
        Set<String> names = new java.util.TreeSet<>();
        var stream = worker.stream(path);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            String name = "";
            worker.post(
                    "/hooks/UserPromptSubmit",
                    "{\"session_id\":\"s-" + path.length() + "\",\"cwd\":\"/home/dev/larkspur\",\"prompt\":\"Go on\"}");
            while (!names.contains("prompt")) {
                String line = lines.readLine();
                assertThat(line).isNotNull();
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    names.add(name);
                } else if (line.isEmpty()) {
                    name = "";
                }
            }
        }
        return names;
    }

    private static void init(RealWorker worker, String session, String prompt) throws Exception {
        var answer = worker.post(
                "/api/sessions/init",
                "{\"contentSessionId\":\"" + session + "\",\"project\":\"larkspur\",\"prompt\":\"" + prompt + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static JsonNode data(String line) {
        return WireFormat.decode(line.substring("data: ".length()), JsonNode.class);
    }
}
