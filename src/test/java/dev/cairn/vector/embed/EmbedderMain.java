package dev.cairn.vector.embed;

import ai.onnxruntime.OrtException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for {@link OnnxLibraryTest}: loads the model, says its state, and waits to be ended. */
final class EmbedderMain {
    private EmbedderMain() {}

    public static void main(String[] args) throws Exception {
        EmbedderService service = new EmbedderService(Vertx.vertx(), EmbedderOptions.bundled(Path.of(args[0])));
        String vector = service.query("a text")
                .map(values -> values.length + " numbers")
                .recover(e -> io.vertx.core.Future.succeededFuture(e.getMessage()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        System.out.println(service.state() + "|" + vector);
        if (args.length > 1) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> goOn(Path.of(args[0]))));
            System.exit(7);
        }
        System.in.read();
    }

    /** While the library's own hook is run: what it takes away is used, over and over. */
    private static void goOn(Path cache) {
        for (int i = 0; i < 3; i++) {
            try (OnnxEmbedder embedder = OnnxEmbedder.load(
                    EmbeddingModel.of(EmbedderOptions.bundled(cache).model()), cache)) {
                System.out.println("during the end|" + embedder.query("a text", 512).length + " numbers");
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
