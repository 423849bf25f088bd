package dev.cairn.vector.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbedderServiceTest {
    @TempDir
    static Path cache;

    private final Vertx vertx = Vertx.vertx();
    private EmbedderService service = service(EmbedderOptions.bundled(cache));

    private EmbedderService service(EmbedderOptions options) {
        service = new EmbedderService(vertx, options);
        return service;
    }

    private static EmbedderOptions options(int queue, long idleMs) {
        return new EmbedderOptions(EmbedderOptions.BUNDLED, cache, 64, 256, queue, idleMs);
    }

    @AfterEach
    void close() throws Exception {
        await(service.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static CairnException refusal(Future<?> future) throws Exception {
        try {
            await(future);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(CairnException.class);
            return (CairnException) e.getCause();
        }
        throw new AssertionError("it was done");
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    @Test
    void findsWhatIsRelated() throws Exception {
        List<float[]> documents = await(service.documents(List.of(
                "The connection pool was too small, so requests timed out under load.",
                "The garden has roses and a pond with fish.")));
        float[] query = await(service.query("why did requests time out?"));

        assertThat(product(query, documents.get(0))).isGreaterThan(product(query, documents.get(1)) + 0.15);
        assertThat(await(service.documents(List.of()))).isEmpty();
    }

    @Test
    void loadsWhenItIsFirstNeeded() throws Exception {
        assertThat(await(service.modelId())).isEqualTo("bge-small-en-v1.5-q-" + BundledModel.DIGEST);
        assertThat(service.state()).isEqualTo("idle");

        assertThat(await(service.prepare()))
                .isEqualTo(new EmbedderInfo("bge-small-en-v1.5-q-" + BundledModel.DIGEST, 384));

        assertThat(service.state()).isEqualTo("up");
    }

    @Test
    void aSearchOvertakesTheDocumentsThatWait() throws Exception {
        await(service.prepare());
        Future<List<float[]>> documents = service.documents(Collections.nCopies(60, "some words ".repeat(40)));

        await(service.query("a search"));

        assertThat(documents.isComplete()).isFalse();
        assertThat(await(documents))
                .hasSize(60)
                .allMatch(vector -> Arrays.equals(vector, documents.result().get(0)));
    }

    @Test
    void takesNoMoreDocumentsThanItsBound() throws Exception {
        service(options(8, 0));
        Future<List<float[]>> first = service.documents(Collections.nCopies(5, "some words"));

        CairnException refused = refusal(service.documents(Collections.nCopies(4, "more")));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("at most 8 documents").hasMessageContaining("5 do");

        assertThat(await(first)).hasSize(5);
        assertThat(await(service.documents(Collections.nCopies(8, "room again"))))
                .hasSize(8);
    }

    @Test
    void closesAfterTheTextUnderWay() throws Exception {
        await(service.prepare());
        Future<List<float[]>> underWay = service.documents(Collections.nCopies(200, "some words ".repeat(100)));
        Future<List<float[]>> queued = service.documents(List.of("never"));

        Future<Void> closed = service.close();
        assertThat(service.close()).isSameAs(closed);
        await(closed);

        assertThat(refusal(underWay)).hasMessageContaining("the worker stops");
        assertThat(refusal(queued).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal(service.query("late"))).hasMessageContaining("the worker stops");
        assertThat(service.state()).isEqualTo("closed");
    }

    @Test
    void closesWhatWasNeverLoaded() throws Exception {
        await(service.close());
        assertThat(service.state()).isEqualTo("closed");
    }

    @Test
    void isUnloadedWhenNobodyHasNeededItForLong() throws Exception {
        service(options(8, 50));
        float[] before = await(service.query("a search"));
        Promise<Void> idle = Promise.promise();
        vertx.setPeriodic(10, id -> {
            if (service.state().equals("idle")) {
                vertx.cancelTimer(id);
                idle.complete();
            }
        });
        await(idle.future());

        assertThat(await(service.query("a search"))).isEqualTo(before);
        assertThat(await(service.documents(List.of("a document")))).hasSize(1);
    }

    @Test
    void aFailureStaysUntilItIsPreparedAgain() throws Exception {
        Path directory = cache.resolve("a-model");
        service(new EmbedderOptions(directory.toString(), cache, 64, 256, 8, 0));

        CairnException refused = refusal(service.query("a search"));
        assertThat(refused).hasMessageContaining("vector.model").hasMessageContaining("there is no directory");
        assertThat(refused.field()).isEqualTo("vector.model");
        assertThat(service.state()).isEqualTo("failed: " + refused.getMessage());
        assertThat(refusal(service.documents(List.of("a document")))).hasMessage(refused.getMessage());

        Files.createDirectory(directory);
        assertThat(refusal(service.query("a search"))).hasMessage(refused.getMessage());
        assertThat(refusal(service.prepare())).hasMessageContaining("none of model.onnx");
    }

    @Test
    void answersOnTheCallersContext() throws Exception {
        Context context = vertx.getOrCreateContext();
        Promise<Context> found = Promise.promise();
        context.runOnContext(
                now -> service.query("a search").onComplete(done -> found.complete(Vertx.currentContext())));
        assertThat(await(found.future())).isEqualTo(context);
    }

    @Test
    void documentsGiveWayToEverythingElse() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "only Linux has a priority for each thread");
        await(service.documents(List.of("a document")));
        await(service.query("a search"));

        // A thread's name is cut to 15 characters.
        int usual = niceness("cairn-embed-que");
        assertThat(niceness("cairn-embed-doc")).isEqualTo(CLibrary.NICENESS + usual);
        assertThat(niceness("vert.x-eventloo")).isEqualTo(usual);
    }

    private static int niceness(String thread) throws IOException {
        int highest = Integer.MIN_VALUE;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    String stat = Files.readString(task.resolve("stat"));
                    String niceness = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16];
                    highest = Math.max(highest, Integer.parseInt(niceness));
                }
            }
        }
        assertThat(highest).as("a thread %s", thread).isNotEqualTo(Integer.MIN_VALUE);
        return highest;
    }

    @Test
    void wantsTexts() {
        assertThatThrownBy(() -> service.documents(Arrays.asList("one", null)))
                .isInstanceOf(NullPointerException.class);
    }
}
