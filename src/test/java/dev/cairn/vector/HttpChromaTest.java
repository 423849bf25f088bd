package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server may answer beside what it should, over real sockets; the right answers are those a Chroma 1.0.0 was seen to give. */
class HttpChromaTest {
    private static final String TOKEN = "t0ken-that-nobody-sees";
    private static final String BASE = "/proxied/api/v2";
    private static final String DATABASE = BASE + "/tenants/acme/databases/memories";

    private record Seen(String method, String path, Map<String, String> headers, JsonObject body) {}

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WordEmbedder embedder = new WordEmbedder();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    /** What is answered otherwise, by the end of the path. */
    private final Map<String, Consumer<HttpServerRequest>> answers = new ConcurrentHashMap<>();

    private HttpServer server;
    private HttpChromaDoor door;

    @BeforeEach
    void start() throws Exception {
        server = await(() -> vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    seen.add(new Seen(
                            request.method().name(),
                            request.path(),
                            Map.of(
                                    "authorization",
                                    String.valueOf(request.getHeader("Authorization")),
                                    "x-chroma-token",
                                    String.valueOf(request.getHeader("X-Chroma-Token"))),
                            body.length() == 0 ? new JsonObject() : body.toJsonObject()));
                    answer(request);
                }))
                .listen(0, "127.0.0.1"));
        door = await(() -> Future.succeededFuture(
                HttpChromaDoor.of(vertx, config("127.0.0.1", server.actualPort()), embedder, false)));
    }

    @AfterEach
    void stop() throws Exception {
        await(door::close);
        await(vertx::close);
    }

    private CairnConfig config(String host, int port) {
        JsonObject chroma = new JsonObject()
                .put("url", "http://" + host + ":" + port + "/proxied/")
                .put("token", TOKEN)
                .put("tenant", "acme")
                .put("database", "memories");
        return ConfigLoader.of(new JsonObject()
                .put("dataDir", directory.toString())
                .put("vector", new JsonObject().put("mode", "chroma-http").put("chroma", chroma)));
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        for (Map.Entry<String, Consumer<HttpServerRequest>> each : answers.entrySet()) {
            if (path.endsWith(each.getKey())) {
                each.getValue().accept(request);
                return;
            }
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        String body = switch (last) {
            case "heartbeat" -> "{\"nanosecond heartbeat\":1}";
            case "version" -> "\"1.0.0\"";
            case "pre-flight-checks" -> "{\"max_batch_size\":50}";
            case "count" -> "7";
            case "query" -> "{\"ids\":[[\"m2\",\"x\",\"m1\"]],\"distances\":[[0.25,0.3,1.0]],\"documents\":null}";
            case "collections" -> request.method().name().equals("GET") ? "[]" : collection(last, "cosine");
            default -> last.startsWith("cairn-") ? collection(last, "cosine") : "{}";
        };
        request.response().putHeader("Content-Type", "application/json").end(body);
    }

    private static String collection(String name, String space) {
        return new JsonObject()
                .put("id", "6c84fb90-12c4-11e1-840d-7b25c5ee775a")
                .put("name", name)
                .put("configuration_json", new JsonObject().put("hnsw", new JsonObject().put("space", space)))
                .encode();
    }

    private static Consumer<HttpServerRequest> status(int status, String body) {
        return request -> request.response().setStatusCode(status).end(body);
    }

    @Test
    void theTokenGoesAlongInBothHeadersAndNothingIsMadeThatIsThere() throws Exception {
        VectorIndex index = open();
        await(() -> index.query(query("a"), 1_000));

        assertThat(seen)
                .allSatisfy(request -> assertThat(request.headers())
                        .containsEntry("authorization", "Bearer " + TOKEN)
                        .containsEntry("x-chroma-token", TOKEN));
        assertThat(seen).extracting(Seen::path).allMatch(path -> path.startsWith(BASE));
        assertThat(seen).filteredOn(request -> request.method().equals("POST")).hasSize(1);
        assertThat(door.state()).isEqualTo("up");
    }

    @Test
    void aMissingTenantAndDatabaseAreMade() throws Exception {
        answers.put("/databases/memories", status(404, "{\"error\":\"NotFoundError\",\"message\":\"none\"}"));
        answers.put("/tenants/acme", status(404, "{\"error\":\"NotFoundError\",\"message\":\"none\"}"));
        answers.put("/databases", status(409, "{\"error\":\"ChromaError\",\"message\":\"somebody was first\"}"));

        open();

        assertThat(seen)
                .filteredOn(request -> request.method().equals("POST"))
                .extracting(Seen::path, request -> request.body().getString("name"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(BASE + "/tenants", "acme"),
                        org.assertj.core.groups.Tuple.tuple(BASE + "/tenants/acme/databases", "memories"));
    }

    @Test
    void cosineDistancesBecomeSquaredOnes() throws Exception {
        VectorIndex index = open();
        List<VectorHits.Hit> hits = await(() -> index.query(query("a"), 1_000));
        assertThat(hits).containsExactly(new VectorHits.Hit(2, 0.5), new VectorHits.Hit(1, 2.0));
    }

    @Test
    @DisplayName("no batch is larger than the server or the embedder takes")
    void batchesAreBounded() throws Exception {
        VectorIndex index = open();
        List<VectorDocument> many = new ArrayList<>();
        LongStream.rangeClosed(1, 120)
                .forEach(id -> many.add(
                        new VectorDocument(id, 0, Kind.PROMPT, null, new Project("/p", "p"), 1, "text " + id)));
        await(() -> index.upsert(many));
        await(() -> index.delete(LongStream.rangeClosed(1, 120).boxed().toList()));

        assertThat(seen)
                .filteredOn(request -> request.path().endsWith("/upsert"))
                .extracting(request -> request.body().getJsonArray("ids").size())
                .containsExactly(50, 50, 20);
        assertThat(seen)
                .filteredOn(request -> request.path().endsWith("/delete"))
                .hasSize(3);
        JsonObject first = seen.stream()
                .filter(request -> request.path().endsWith("/upsert"))
                .findFirst()
                .orElseThrow()
                .body();
        assertThat(first.getJsonArray("embeddings").getJsonArray(0)).hasSize(WordEmbedder.DIMENSIONS);
        assertThat(first.getJsonArray("metadatas").getJsonObject(0).fieldNames())
                .containsExactly("project", "projectName", "kind", "type", "createdAt");
    }

    @ParameterizedTest
    @CsvSource({
        "401, '{\"error\":\"AuthError\",\"message\":\"who\"}', UNAVAILABLE, refuses access (401)",
        "403, 'no', UNAVAILABLE, refuses access (403)",
        "302, '', UNAVAILABLE, redirects (302)",
        "404, '<html>nginx</html>', UNAVAILABLE, answered 404",
        "429, '{\"error\":\"x\",\"message\":\"quota\"}', UNAVAILABLE, answered 429: quota",
        "503, 'gone', UNAVAILABLE, answered 503",
        "200, 'hello', UNAVAILABLE, is it a Chroma server?",
        "400, '{\"error\":\"InvalidArgumentError\",\"message\":\"bad t0ken-that-nobody-sees\"}', refused, bad (token)",
        "500, '{\"error\":\"InternalError\",\"message\":\"boom\"}', refused, boom",
        "404, '{\"error\":\"NotFoundError\",\"message\":\"Collection [x] does not exist.\"}', missing, Collection [x]"
    })
    void answersAreToldApart(int status, String body, String expected, String words) throws Exception {
        VectorIndex index = open();
        answers.put("/upsert", request -> {
            request.response().putHeader("Location", "http://127.0.0.1:1/");
            status(status, body).accept(request);
        });

        assertThatThrownBy(() -> await(() -> index.upsert(
                        List.of(new VectorDocument(1, 0, Kind.PROMPT, null, new Project("/p", "p"), 1, "text")))))
                .hasMessageContaining(words)
                .satisfies(failure -> {
                    assertThat(failure.toString()).doesNotContain(TOKEN);
                    switch (expected) {
                        case "refused" -> assertKind(failure, IndexException.Kind.OTHER);
                        case "missing" -> assertKind(failure, IndexException.Kind.MISSING_COLLECTION);
                        default ->
                            assertThat(failure)
                                    .isInstanceOfSatisfying(
                                            CairnException.class,
                                            e -> assertThat(e.code()).isEqualTo(ErrorCode.valueOf(expected)));
                    }
                });
        // One that only refused is as good as before.
        assertThat(door.state()).isEqualTo(expected.equals("refused") ? "up" : "down");
    }

    private static void assertKind(Throwable failure, IndexException.Kind kind) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    @DisplayName("G1: a slow server is a time-out, within the time that was given, and gives its connection back")
    void aSlowServerTimesOut() throws Exception {
        VectorIndex index = open();
        answers.put("/query", request -> {});

        for (int i = 0; i < 12; i++) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> await(() -> index.query(query("a"), 150)))
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
            assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(4_500);
        }
        answers.clear();
        assertThat(await(() -> index.query(query("a"), 5_000))).hasSize(2);
    }

    @Test
    void anEmbedderThatTakesTooLongIsATimeOutToo() throws Exception {
        VectorIndex index = open();
        embedder.readiness = Future.future(never -> {});

        assertThatThrownBy(() -> await(() -> index.query(query("a"), 100)))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(door.state()).as("the server is as good as before").isEqualTo("up");
    }

    @Test
    void anAnswerWithoutEndIsNotRead() throws Exception {
        VectorIndex index = open();
        answers.put("/query", request -> {
            request.response().setChunked(true);
            for (int i = 0; i < 80; i++) {
                request.response().write("x".repeat(64 * 1024));
            }
        });

        assertThatThrownBy(() -> await(() -> index.query(query("a"), 5_000)))
                .hasMessageContaining("longer than")
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aCollectionThatMeasuresOtherwiseIsTreatedAsMissing() throws Exception {
        VectorIndex index = open();
        answers.put(
                "/collections/" + index.collection(),
                request -> request.response().end(collection(index.collection(), "l2")));

        assertThatThrownBy(() -> await(index::count))
                .satisfies(failure -> assertKind(failure, IndexException.Kind.MISSING_COLLECTION));
    }

    @Test
    void collectionsOfEarlierModelsGoWhenThisOneIsComplete() throws Exception {
        VectorIndex index = open();
        JsonArray all = new JsonArray();
        await(index::create);
        String owner =
                seen.get(seen.size() - 1).body().getJsonObject("metadata").getString(CollectionName.OWNER);
        all.add(listed(index.collection(), owner));
        all.add(listed("cairn-former-01234567", owner));
        all.add(listed("cairn-of-another-01234567", "0123456789abcdef"));
        all.add(listed("theirs", owner));
        answers.put(DATABASE + "/collections", request -> request.response().end(all.encode()));

        await(index::complete);
        await(index::complete);

        assertThat(seen)
                .filteredOn(request -> request.method().equals("DELETE"))
                .extracting(Seen::path)
                .containsExactly(DATABASE + "/collections/cairn-former-01234567");
    }

    private static JsonObject listed(String name, String owner) {
        return new JsonObject().put("name", name).put("metadata", new JsonObject().put(CollectionName.OWNER, owner));
    }

    @Test
    @DisplayName("G1, G5: a door whose server is gone says so, and opens another index when it is back")
    void theDoorOpensAnotherIndexWhenTheServerIsBack() throws Exception {
        VectorIndex before = open();
        int port = server.actualPort();
        await(server::close);

        assertThatThrownBy(() -> await(() -> before.query(query("a"), 2_000)))
                .hasMessageContaining("Chroma at http://127.0.0.1:" + port)
                .hasMessageNotContaining(TOKEN);
        assertThat(door.state()).isEqualTo("down");
        assertThatThrownBy(this::open).isInstanceOf(CairnException.class);
        assertThat(door.state()).isEqualTo("waiting");
        assertThat(door.refusal()).contains("127.0.0.1:" + port);

        server = await(
                () -> vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1"));
        VectorIndex after = opened(door);
        assertThat(after).isNotSameAs(before);
        assertThat(door.refusal()).isNull();
    }

    /** Asks until it is there: a refusal is repeated for a moment. */
    private VectorIndex opened(HttpChromaDoor way) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                return await(way::open);
            } catch (CairnException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @Test
    void aServerThatIsTooOldOrNoneIsRefused() throws Exception {
        answers.put("/version", status(200, "\"0.6.3\""));
        assertThatThrownBy(this::open).hasMessageContaining("1.0 or later is needed");
        answers.put("/heartbeat", status(410, "{\"error\":\"Unimplemented\",\"message\":\"use v3\"}"));
        assertThat(refusalOnceItIs("use v3")).contains("use v3");
    }

    /** A refusal is repeated for a moment before the server is asked again. */
    private String refusalOnceItIs(String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            String now = await(() -> door.open().map("open").otherwise(Throwable::getMessage));
            if (now.contains(text) || System.nanoTime() > deadline) {
                return now;
            }
            Thread.sleep(20);
        }
    }

    @Test
    void aModelThatCannotBeHadKeepsTheDoorShut() {
        embedder.readiness = Future.failedFuture(CairnException.invalid("vector.model", "no such model"));
        assertThatThrownBy(this::open)
                .hasMessage("no such model")
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aReaderMakesNothing() throws Exception {
        HttpChromaDoor reader = await(() -> Future.succeededFuture(
                HttpChromaDoor.of(vertx, config("127.0.0.1", server.actualPort()), embedder, true)));
        try {
            assertThatThrownBy(() -> await(reader::open)).hasMessageContaining("no vector index yet");
            assertThat(seen).extracting(Seen::method).containsOnly("GET");
            String name = open().collection();
            assertThat(opened(reader).collection()).isEqualTo(name);
        } finally {
            await(reader::close);
        }
    }

    private VectorIndex open() throws Exception {
        return await(door::open);
    }

    private static VectorQuery query(String text) {
        return new VectorQuery(text, null, List.of(), List.of(), null, null, 10);
    }

    private <T> T await(Supplier<Future<T>> call) throws Exception {
        Future<T> answer =
                Future.future(promise -> context.runOnContext(any -> call.get().onComplete(promise)));
        try {
            return answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
