package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.Projects;
import dev.cairn.model.CairnException;
import dev.cairn.model.CommandRun;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarryRoutesTest {
    private static final long DAY_MS = 86_400_000;

    @TempDir
    Path dir;

    private HttpHarness http;

    @BeforeEach
    void start() {
        http = HttpHarness.start(dir, Map.of("maxBodyBytes", 1024), Limits.DEFAULT);
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private static ExportLine.ObservationLine observation(long id, String session, String title, String narrative) {
        return new ExportLine.ObservationLine(
                ExportLine.ObservationLine.NAME,
                id,
                FakeRooms.PROJECT,
                "claude-code",
                session,
                new ExportLine.TurnKey(1, null, 1L),
                "bugfix",
                title,
                null,
                narrative,
                List.of("a *fact*"),
                List.of(),
                List.of(),
                List.of("src/`odd`.java"),
                List.of(new CommandRun("mvn test", "ok")),
                id * 60_000,
                null,
                null,
                null,
                null);
    }

    private Reply post(String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return http.request("POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body);
    }

    private List<ImportLines> taken() {
        return http.rooms.asked.stream()
                .filter(ImportLines.class::isInstance)
                .map(ImportLines.class::cast)
                .toList();
    }

    @Test
    void anExportIsReadPageByPageAndComesAsLines() {
        http.rooms.export = query -> Future.succeededFuture(
                switch (String.valueOf(query.cursor())) {
                    case "null" -> new ExportPage(List.of("{\"a\":1}", "{\"b\":\"ü\"}"), "second");
                    // Forgotten meanwhile: an empty page is not the end.
                    case "second" -> new ExportPage(List.of(), "third");
                    default -> new ExportPage(List.of("{\"c\":3}"), null);
                });
        Reply reply = http.get("/api/export?project=kestrel&session=s&platform=codex&from=2026-01-01&to=2026-01-02");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).isEqualTo("application/x-ndjson");
        assertThat(reply.header("content-disposition")).isEqualTo("attachment; filename=\"cairn-export.jsonl\"");
        assertThat(reply.body()).isEqualTo("{\"a\":1}\n{\"b\":\"ü\"}\n{\"c\":3}\n");
        ExportQuery last = http.rooms.last(ExportQuery.class);
        assertThat(last.project()).isEqualTo("kestrel");
        assertThat(last.session()).isEqualTo("s");
        assertThat(last.platform()).isEqualTo("codex");
        assertThat(last.to() - last.from()).isEqualTo(2 * DAY_MS - 1);
        assertThat(last.cursor()).isEqualTo("third");
    }

    @Test
    void whatIsWrongWithAnExportIsToldBeforeItBegins() {
        http.rooms.export = query -> Future.failedFuture(CairnException.invalid("from", "from is after to; swap them"));
        assertThat(http.get("/api/export?from=5").field()).isEqualTo("from");
        assertThat(http.get("/api/export?format=pdf").field()).isEqualTo("format");
        assertThat(http.get("/api/export?limit=5").status()).isEqualTo(400);
    }

    @Test
    void anExportThatBreaksOffIsNotTakenForAWholeOne() {
        http.rooms.export = query -> query.cursor() == null
                ? Future.succeededFuture(new ExportPage(List.of("{}"), "second"))
                : Future.failedFuture(CairnException.unavailable("the store is closed"));
        assertThatThrownBy(() -> http.get("/api/export")).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void noPageIsReadBeforeTheClientTookTheOneBefore() throws Exception {
        AtomicInteger pages = new AtomicInteger();
        String line = "{\"x\":\"" + "y".repeat(1 << 20) + "\"}";
        http.rooms.export = query -> {
            int page = pages.incrementAndGet();
            return Future.succeededFuture(new ExportPage(List.of(line), page == 100 ? null : "next"));
        };
        try (RawClient client = http.client()) {
            client.send("GET /api/export HTTP/1.1\r\nHost: localhost\r\n\r\n");
            client.readHead();
            int before = 0;
            // It comes to a halt when the buffers of both ends are full.
            for (int now = pages.get(); now != before || now == 0; now = pages.get()) {
                before = now;
                HttpHarness.await(Future.future(later -> http.vertx.setTimer(300, tick -> later.complete())));
            }
            assertThat(pages.get()).isLessThan(50);
        }
    }

    @Test
    void anExportForPeopleIsOneDocumentByProjectDayAndSession() {
        http.rooms.projects = nothing -> Future.succeededFuture(new Projects(List.of(
                new Projects.Row(new Project("/z", "zebra"), 0, 0, 0, 0, 9),
                new Projects.Row(FakeRooms.PROJECT, 1, 2, 0, 1, 5))));
        http.rooms.export = query -> "/z".equals(query.project())
                ? Future.succeededFuture(new ExportPage(List.of(ExportFormat.header()), null))
                : Future.succeededFuture(new ExportPage(
                        List.of(
                                ExportFormat.header(),
                                ExportFormat.write(observation(1, "one", "First\n# not a heading", "<b>\n\n# neither")),
                                ExportFormat.write(observation(2, "two", "Second", "text")),
                                ExportFormat.write(observation(3, "one", "Third", "text")),
                                ExportFormat.write(observation(1441, "one", "Next day", "text"))),
                        null));
        Reply reply = http.get("/api/export?format=markdown");
        assertThat(reply.header("content-type")).isEqualTo("text/markdown; charset=utf-8");
        assertThat(reply.header("content-disposition")).contains("cairn-export.md");
        assertThat(reply.body()).doesNotContain("zebra");
        assertThat(reply.body().lines().filter(line -> line.startsWith("#")))
                .containsExactly(
                        "# Memories",
                        "## kestrel",
                        "### 1970-01-01",
                        "#### Session one",
                        "#### Session two",
                        "### 1970-01-02",
                        "#### Session one");
        assertThat(reply.body())
                .contains("**00:01** bugfix: First \\# not a heading\n\n> \\<b>\n>\n> # neither\n\n- a \\*fact\\*\n\n"
                        + "- modified ``src/`odd`.java``\n\n- `mvn test` – ok\n")
                .containsSubsequence("First", "Third", "Second", "Next day");
    }

    @Test
    void anImportIsTakenInBatchesHoweverLongItIs() {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 2_500; i++) {
            lines.append("{\"line\":").append(i).append("}\n");
        }
        Reply reply = post("application/x-ndjson", lines.toString());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json())
                .isEqualTo(new JsonObject()
                        .put("sessions", 0)
                        .put("prompts", 0)
                        .put("toolUses", 0)
                        .put("observations", 2_500)
                        .put("summaries", 0)
                        .put("present", 3)
                        .put("lines", 2_500)
                        .put("dryRun", false));
        assertThat(taken()).extracting(batch -> batch.lines().size()).containsExactly(1_000, 1_000, 500);
        assertThat(taken()).extracting(ImportLines::firstLine).containsExactly(1, 1_001, 2_001);
        assertThat(taken().get(2).lines()).last().isEqualTo("{\"line\":2500}");
        assertThat(taken()).noneMatch(ImportLines::dryRun);
    }

    @Test
    void longLinesMakeSmallerBatchesAndTheLastNeedsNoEnd() {
        String line = "{\"x\":\"" + "ü".repeat(400_000) + "\"}";
        Reply reply = http.request("POST /api/import?dryRun=true HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/jsonl\r\nContent-Length: "
                + (line.getBytes(StandardCharsets.UTF_8).length * 4 + 3) + "\r\n\r\n"
                + String.join("\n", line, line, line, line));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(taken()).extracting(batch -> batch.lines().size()).containsExactly(3, 1);
        assertThat(taken()).allMatch(ImportLines::dryRun);
        assertThat(taken().get(1).lines()).containsExactly(line);
    }

    @Test
    void theClientIsNotReadFromWhileABatchIsTakenIn() throws Exception {
        Promise<Imported> first = Promise.promise();
        CountDownLatch asked = new CountDownLatch(1);
        http.rooms.take = batch -> {
            asked.countDown();
            return batch.firstLine() == 1 ? first.future() : Future.succeededFuture(new Imported(0, 0, 0, 0, 0, 0));
        };
        byte[] chunk = "{\"a\":\"bcdefghijklmnopqrstuvwxyz\"}\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);
        long total = 400L * chunk.length;
        try (RawClient client = http.client()) {
            client.send("POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + "Content-Length: " + total + "\r\n\r\n");
            AtomicInteger sent = new AtomicInteger();
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 400; i++) {
                        client.send(chunk);
                        sent.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            sender.join(1_000);
            assertThat(sent.get()).as("the sender is held back").isLessThan(400);
            first.complete(new Imported(0, 0, 0, 0, 0, 0));
            Reply reply = client.read();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().getInteger("lines")).isEqualTo(800_000);
            sender.join(5_000);
        }
    }

    @Test
    @DisplayName("H7: a refused line is named, with what became of those before it")
    void aRefusedLineIsNamed() {
        http.rooms.take = batch -> batch.firstLine() == 1
                ? Future.succeededFuture(new Imported(0, 0, 0, 1_000, 0, 0))
                : Future.failedFuture(CairnException.invalid("lines[6].record", "line 1007: record is missing"));
        Reply reply = post("application/x-ndjson", "{}\n".repeat(3_000));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo("lines[6].record");
        assertThat(reply.message()).startsWith("line 1007: record is missing; the 1000 lines before were taken in");
        assertThat(taken()).hasSize(2);

        Reply broken = http.request("POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson"
                + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n400001\r\n" + "x".repeat(4 * 1024 * 1024 + 1));
        assertThat(broken.status()).isEqualTo(413);
        assertThat(broken.message()).startsWith("line 2 is longer than 4194304 bytes; nothing was taken in");
    }

    @Test
    @DisplayName("H7: what is no import leaves nothing behind")
    void whatIsNoImport() throws IOException {
        assertThat(post("text/plain", "{}\n").status()).isEqualTo(415);
        assertThat(post("application/x-www-form-urlencoded", "{}\n").status()).isEqualTo(415);
        assertThat(post("application/x-ndjson", "").field()).isEqualTo("body");
        assertThat(http.post("/api/memories", "[" + "1,".repeat(2_000) + "1]").status())
                .as("other bodies keep their bound")
                .isEqualTo(413);
        try (RawClient client = http.client()) {
            client.send("POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + "Content-Length: 3\r\n\r\n");
            Reply invalid = client.send(new byte[] {'"', (byte) 0xff, '"'}).read();
            assertThat(invalid.status()).isEqualTo(400);
            assertThat(invalid.field()).isEqualTo("line 1");
        }
        assertThat(taken()).isEmpty();
    }

    @Test
    void anImportThatComesToAHaltIsGivenUp(@TempDir Path other) throws IOException {
        Limits quick = new Limits(60_000, 30_000, 400, 400, 300, 600, Limits.Streams.DEFAULT);
        try (HttpHarness impatient = HttpHarness.start(other, Map.of(), quick);
                RawClient client = impatient.client()) {
            client.send("POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + "Content-Length: 100\r\n\r\n{}\n");
            Reply reply = client.read();
            assertThat(reply.status()).isEqualTo(408);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
