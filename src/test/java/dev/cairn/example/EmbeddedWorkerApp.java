package dev.cairn.example;

import dev.cairn.config.ConfigLoader;
import dev.cairn.worker.Worker;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** An application with a worker of its own inside: {@code java -cp cairn.jar:… dev.cairn.example.EmbeddedWorkerApp DIRECTORY}. */
final class EmbeddedWorkerApp {
    private EmbeddedWorkerApp() {}

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        JsonObject settings = new JsonObject().put("dataDir", args[0]).put("http", new JsonObject().put("port", 0));
        try {
            Worker worker = Worker.start(vertx, ConfigLoader.of(settings)).await();
            try {
                Visit.pay(vertx).await();
            } finally {
                worker.close().await();
            }
        } finally {
            vertx.close().await();
        }
        System.out.println("done");
    }
}
