package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The children of the real worker: how they end with it, whatever they are, and what it tells of them. */
class ProcessesIT {
    /** Never answers, ignores the end of its input and SIGTERM; so does what it started in a session of its own. */
    private static final String DEAF = """
            trap '' TERM
            setsid sh -c 'trap "" TERM; while :; do sleep 600; done' &
            while :; do sleep 600; done
            """;

    @TempDir
    Path home;

    private Path dir;
    private Marked marked;

    @BeforeEach
    void directory() throws Exception {
        Marked.require();
        Tools.require("setsid");
        dir = Files.createDirectory(home.resolve("data"));
        marked = new Marked(dir);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        marked.awaitNone(2_000);
    }

    /** A search server of the test's own, which notes each of its starts. */
    private Path fake(String body) throws Exception {
        Path script = Files.writeString(home.resolve("fake"), "#!/bin/sh\necho started >>\"$0.starts\"\n" + body);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private long starts() throws Exception {
        Path notes = home.resolve("fake.starts");
        return Files.exists(notes) ? Files.readAllLines(notes).size() : 0;
    }

    private WorkerProcess worker(Path directory, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("CAIRN_SEARCH_MODE", "process");
        return WorkerProcess.launch(directory, environment, List.of());
    }

    private WorkerProcess workerWith(Path fake, String... more) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("CAIRN_SEARCH_COMMAND", fake.toString()));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return worker(dir, environment);
    }

    private WorkerProcess command(String... arguments) throws Exception {
        return WorkerProcess.launch(dir, Map.of(), List.of("-XX:TieredStopAtLevel=1"), List.of(arguments));
    }

    private static JsonNode search(Api api) throws Exception {
        return api.get("/health").json().at("/parts/search/detail");
    }

    /** The worker's own search server, when it answers and is not that one. */
    private static JsonNode awaitSearchServer(Api api, long otherThan) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        JsonNode processes = api.get("/api/processes").json();
        while (System.nanoTime() < deadline) {
            assertThat(api.get("/api/search?query=writer").status()).isEqualTo(200);
            processes = api.get("/api/processes").json();
            long pid = processes.at("/children/0/pid").asLong();
            if (search(api).path("child").asText().equals("up") && pid != 0 && pid != otherThan) {
                return processes.at("/children/0");
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no search server is up: " + processes + search(api));
    }

    private static int port(WorkerProcess worker) throws Exception {
        return Integer.parseInt(worker.url().substring(worker.url().lastIndexOf(':') + 1));
    }

    @Test
    @DisplayName("A2, B1: after kill -9 the port is free within 1 s and every child gone within 2 s, the guardian too")
    void aKilledWorkerLeavesNothing() throws Exception {
        try (WorkerProcess worker = workerWith(fake(DEAF))) {
            worker.awaitReady();
            JsonNode processes = marked.awaitAtLeast(4, worker.api());
            long guardian = processes.path("guardian").asLong();
            assertThat(ProcessHandle.of(guardian)).isPresent();
            int port = port(worker);

            worker.kill();
            worker.awaitExit();
            long ended = System.nanoTime();
            awaitBindable(port, ended + TimeUnit.SECONDS.toNanos(1));
            marked.awaitNone(2_000 - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ended));
            // It goes when five looks at all processes have found nothing.
            ProcessHandle.of(guardian)
                    .ifPresent(process -> assertThat(process.onExit()).succeedsWithin(5, TimeUnit.SECONDS));
        }
    }

    private static void awaitBindable(int port, long deadline) throws Exception {
        while (true) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (BindException e) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("port " + port + " is held", e);
                }
                Thread.sleep(10);
            }
        }
    }

    @Test
    @DisplayName("A4: a second worker on the same directory ends with 4 and has spawned nothing")
    void aSecondWorkerOnTheDirectorySpawnsNothing() throws Exception {
        try (WorkerProcess first = workerWith(fake(DEAF))) {
            first.awaitReady();
            marked.awaitAtLeast(4, first.api());
            List<Long> before = marked.pids();
            List<Path> books = books(dir);
            assertThat(books).hasSize(1);
            try (WorkerProcess second = workerWith(home.resolve("fake"))) {
                assertThat(second.awaitExit()).isEqualTo(4);
                assertThat(books(dir)).isEqualTo(books);
                assertThat(starts()).isEqualTo(1);
                assertThat(marked.pids()).containsExactlyInAnyOrderElementsOf(before);
            }
        }
    }

    @Test
    @DisplayName("A4: a second worker on the port in use ends with 4 and has spawned nothing")
    void aSecondWorkerOnThePortSpawnsNothing() throws Exception {
        Path fake = fake(DEAF);
        Path other = Files.createDirectory(home.resolve("other"));
        try (WorkerProcess first = WorkerProcess.start(dir)) {
            Map<String, String> environment =
                    Map.of("CAIRN_PORT", String.valueOf(port(first)), "CAIRN_SEARCH_COMMAND", fake.toString());
            try (WorkerProcess second = worker(other, environment)) {
                assertThat(second.awaitExit()).isEqualTo(4);
                assertThat(starts()).as("children it started").isZero();
                assertThat(new Marked(other).pids()).isEmpty();
                assertThat(books(other)).isEmpty();
            }
            assertThat(first.api().get("/health").status()).isEqualTo(200);
        }
    }

    private static List<Path> books(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve("processes"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    @DisplayName("A10: a child that dies at once is tried a few times, then left alone; search answers all the time")
    void aChildThatDiesAtOnceOpensTheCircuit() throws Exception {
        int failures = 3;
        try (WorkerProcess worker =
                workerWith(fake("exit 3\n"), "CAIRN_PROCESS_ALERTS_RESTARTS", String.valueOf(failures))) {
            worker.awaitReady();
            Api api = worker.api();
            assertThat(api.post("/api/memories", "{\"text\":\"The writer commits\",\"project\":\"/p/a\"}")
                            .status())
                    .isEqualTo(201);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!search(api).path("child").asText().equals("open")) {
                assertThat(System.nanoTime()).as("%s", search(api)).isLessThan(deadline);
                found(api);
                // The one that starts, and the one that is being cleared away.
                assertThat(marked.pids()).hasSizeLessThanOrEqualTo(2);
                Thread.sleep(20);
            }
            for (int i = 0; i < 50; i++) {
                found(api);
            }
            assertThat(starts()).isEqualTo(failures);
            assertThat(search(api).path("fallbacks").asInt()).isGreaterThan(50);
            assertThat(api.get("/health").json().path("status").asText()).isEqualTo("up");
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(worker.errors())
                    .filteredOn(line -> line.contains("search's child is "))
                    .map(line -> line.replaceAll(".*search's child is (\\w+):.*", "$1"))
                    .as("one line for each change of state")
                    .containsExactly("waiting", "waiting", "open");
        }
    }

    private static void found(Api api) throws Exception {
        Api.Answer answer = api.get("/api/search?query=writer");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("total").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("A12, A7: a child that never speaks and ignores EOF and SIGTERM holds a stop up for less than 5 s")
    void aDeafChildDoesNotHoldTheStop() throws Exception {
        try (WorkerProcess worker = workerWith(fake(DEAF))) {
            worker.awaitReady();
            marked.awaitAtLeast(4, worker.api());
            long begin = System.nanoTime();
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                    .as("milliseconds of the stop")
                    .isLessThan(5_000);
            assertThat(marked.pids()).as("gone before the worker is").isEmpty();
            assertThat(books(dir)).isEmpty();
            assertThat(worker.errors()).noneMatch(line -> line.contains("halting"));
        }
    }

    @Test
    void itTellsOfItsChildrenAndRecyclesThem() throws Exception {
        try (WorkerProcess worker = worker(dir, Map.of())) {
            worker.awaitReady();
            Api api = worker.api();
            JsonNode child = awaitSearchServer(api, 0);
            assertThat(child.path("kind").asText()).isEqualTo("search");
            assertThat(child.path("owner").asText()).isEqualTo("search");
            assertThat(child.path("state").asText()).isEqualTo("running");
            assertThat(child.path("memoryBytes").asLong()).isPositive();
            assertThat(child.path("restarts").asInt()).isZero();
            JsonNode all = api.get("/api/processes").json();
            assertThat(all.path("node").asLong()).isEqualTo(worker.pid());
            assertThat(all.path("gate").asText()).isEqualTo("open");
            assertThat(all.path("layers")).extracting(JsonNode::asText).contains("gate", "registry", "reaper");
            assertThat(all.path("strays")).isEmpty();

            long pid = child.path("pid").asLong();
            Api.Answer recycled = api.post("/api/admin/recycle", "{\"kind\":\"search\"}");
            assertThat(recycled.body()).isEqualTo("{\"ended\":1}");
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
            JsonNode next = awaitSearchServer(api, pid);
            assertThat(next.path("restarts").asInt()).isEqualTo(1);
            assertThat(worker.errors())
                    .as("a child that was recycled has not failed")
                    .noneMatch(line -> line.contains("search's child is waiting"));

            Api.Answer unknown = api.post("/api/admin/recycle", "{\"pid\":" + pid + "}");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.json().at("/error/message").asText()).contains(String.valueOf(pid));
            assertThat(api.post("/api/admin/recycle", "{\"kinds\":\"search\"}").status())
                    .isEqualTo(400);
            assertThat(api.post("/api/admin/sweep", "{}").body()).isEqualTo("{\"ended\":0}");
            assertThat(ProcessHandle.of(next.path("pid").asLong())).isPresent();
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    @Test
    void theHistoryRefusesWhatItCannotAnswer() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            assertThat(api.get("/api/processes/history").status()).isEqualTo(200);
            assertThat(api.get("/api/processes/history?from=1000&to=61000&step=60")
                            .status())
                    .isEqualTo(200);
            Map<String, String> wrong = Map.of(
                    "from=yesterday", "from",
                    "to=x", "to",
                    "step=0", "step",
                    "step=86401", "step",
                    "step=1&from=0", "step",
                    "from=2000&to=1000", "from",
                    "from=1000&to=1000", "from",
                    "steps=60", "steps");
            for (Map.Entry<String, String> each : wrong.entrySet()) {
                Api.Answer answer = api.get("/api/processes/history?" + each.getKey());
                assertThat(answer.status()).as(each.getKey()).isEqualTo(400);
                assertThat(answer.json().at("/error/field").asText())
                        .as(each.getKey())
                        .isEqualTo(each.getValue());
            }
        }
    }

    @Test
    void psAndDoctorTellByTheirExitCodes() throws Exception {
        try (WorkerProcess worker = worker(dir, Map.of())) {
            worker.awaitReady();
            long child = awaitSearchServer(worker.api(), 0).path("pid").asLong();
            try (WorkerProcess ps = command("ps");
                    WorkerProcess doctor = command("doctor")) {
                assertThat(ps.awaitExit()).as("%s", ps.errors()).isZero();
                assertThat(ps.output().get(0)).isEqualTo("worker (pid " + worker.pid() + ")");
                assertThat(ps.output())
                        .anyMatch(line -> line.contains("search (pid " + child + ") of search: running"));
                assertThat(doctor.awaitExit()).as("%s", doctor.errors()).isZero();
                assertThat(doctor.output()).contains("no strays").anyMatch(line -> line.startsWith("  yes gate"));
            }
            worker.terminate();
            worker.awaitExit();
        }
        for (String name : List.of("ps", "doctor")) {
            try (WorkerProcess command = command(name)) {
                assertThat(command.awaitExit()).as(name).isEqualTo(3);
                assertThat(command.output()).isEmpty();
                assertThat(command.errors()).singleElement().asString().startsWith("cairn: no worker is running");
            }
        }
    }
}
