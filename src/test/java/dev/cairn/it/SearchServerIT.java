package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search server: by itself on its standard streams, and as a child of the worker. */
class SearchServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTE = "{\"text\":\"The writer commits before it answers\",\"project\":\"/p/a\"}";
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
            + "{\"name\":\"search\",\"arguments\":{\"query\":\"writer\"}}}\n";

    @TempDir
    Path dir;

    @Test
    void itAnswersOnItsStreamsAndEndsWithItsInput() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api().post("/api/memories", NOTE).status()).isEqualTo(201);
            Process server = searchServer();
            try (Writer in = server.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
                in.write(CALL);
                in.flush();
                assertThat(JSON.readTree(out.readLine())
                                .at("/result/content/0/text")
                                .asText())
                        .contains("«writer»");

                long begin = System.nanoTime();
                in.close();
                assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                        .as("milliseconds from the end of the input to the end of the process")
                        .isLessThan(500);
                assertThat(server.exitValue()).isZero();
                assertThat(out.readLine()).as("nothing but the protocol").isNull();
            } finally {
                server.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void sigtermStopsItsOwnChainInOrder() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api().post("/api/memories", NOTE).status()).isEqualTo(201);
            Process server = searchServer();
            try (Writer in = server.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
                in.write(CALL);
                in.flush();
                assertThat(out.readLine()).contains("result");
                server.toHandle().destroy();
                assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(server.exitValue()).isEqualTo(143);
                assertThat(server.errorReader(StandardCharsets.UTF_8).lines())
                        .filteredOn(line -> line.contains("Stopped "))
                        .map(line -> line.replaceAll(".*Stopped (\\w+) in.*", "$1"))
                        .containsExactly("stdio", "search", "readers");
            } finally {
                server.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void withoutADatabaseItSaysSoAndEnds() throws Exception {
        Process server = searchServer();
        assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(1);
        assertThat(server.errorReader(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("cairn: there is no database");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void theWorkerLetsItsChildAnswerAndTakesItAlongWhenItEnds() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_SEARCH_MODE", "process"), List.of())) {
            worker.awaitReady();
            Api api = worker.api();
            assertThat(api.post("/api/memories", NOTE).status()).isEqualTo(201);
            ProcessHandle child = awaitChild(api);
            String before = search(api).path("fallbacks").asText();

            JsonNode found = JSON.readTree(api.get("/api/search?query=writer").body());
            assertThat(found.at("/hits/0/project").asText()).isEqualTo("/p/a");
            assertThat(found.at("/strategies/0").asText()).isEqualTo("keyword");
            assertThat(search(api).path("fallbacks").asText())
                    .as("the child answered")
                    .isEqualTo(before);

            child.destroyForcibly();
            assertThat(JSON.readTree(api.get("/api/search?query=writer").body())
                            .path("total")
                            .asInt())
                    .as("the worker answers when the child is gone")
                    .isEqualTo(1);
            ProcessHandle next = awaitChild(api);
            assertThat(next.pid()).isNotEqualTo(child.pid());

            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(next.isAlive()).isFalse();
        }
    }

    private Process searchServer() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-jar",
                WorkerProcess.JAR.toAbsolutePath().toString(),
                "search-server",
                "-conf",
                "{\"dataDir\":\"" + dir + "\"}");
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        builder.environment().put("CAIRN_VECTOR_MODE", "off");
        return builder.start();
    }

    private static JsonNode search(Api api) throws Exception {
        return JSON.readTree(api.get("/health").body()).at("/parts/search/detail");
    }

    /** Waits for a child that is up; searching asks for one. */
    private ProcessHandle awaitChild(Api api) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            api.get("/api/search?query=writer");
            List<ProcessHandle> children = ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .arguments()
                            .map(arguments -> List.of(arguments).contains("search-server")
                                    && List.of(arguments).toString().contains(dir.toString()))
                            .orElse(false))
                    .toList();
            if (search(api).path("child").asText().equals("up") && children.size() == 1) {
                return children.get(0);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no child is up: " + search(api));
    }
}
