package dev.cairn.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/** The peer: a Vert.x server that reads the body and answers {@code {}}, on as many event loops as the worker. */
public final class Peer extends AbstractVerticle {
    private static final Buffer EMPTY = Buffer.buffer("{}");

    /** Prints its port when it listens. */
    public static void main(String[] args) {
        Vertx.vertx()
                .deployVerticle(
                        Peer.class, new DeploymentOptions().setInstances(Integer.parseInt(args[1])).setConfig(
                                new io.vertx.core.json.JsonObject().put("port", Integer.parseInt(args[0]))))
                .onSuccess(id -> System.out.println("peer ready"))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(EMPTY.copy())))
                .listen(config().getInteger("port"), "127.0.0.1")
                .<Void>mapEmpty()
                .onComplete(started);
    }
}
