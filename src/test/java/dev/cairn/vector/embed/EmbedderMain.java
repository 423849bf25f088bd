package dev.cairn.vector.embed;

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
            Thread busy = new Thread(() -> {
                while (true) {
                    service.documents(java.util.List.of("word ".repeat(200))).await();
                }
            });
            busy.setDaemon(true);
            busy.start();
            Thread.sleep(Long.parseLong(args[1]));
            System.exit(0);
        }
        System.in.read();
    }
}
