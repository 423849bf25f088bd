package dev.cairn.example;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/** An application in a JVM of its own that uses the memory of a worker started with {@code -cluster}. */
final class ClusterClientApp {
    private ClusterClientApp() {}

    public static void main(String[] args) {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
                .withClusterManager(new HazelcastClusterManager())
                .buildClustered()
                .await();
        try {
            Visit.pay(vertx).await();
        } finally {
            vertx.close().await();
        }
        System.out.println("done");
    }
}
