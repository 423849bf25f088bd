package dev.cairn.worker;

import dev.cairn.chain.ChainVerticle.Next;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.model.CairnException;
import dev.cairn.process.ChildOwner;
import dev.cairn.process.InheritedOwner;
import dev.cairn.search.SearchBridgeVerticle;
import dev.cairn.store.ReadOnlyStoreVerticle;
import dev.cairn.vector.VectorReaderVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code cairn.jar search-server}: search over the worker's database in a process of its own, as MCP on standard input and
 * output. Reads only, so any number may run beside a worker, or without one.
 *
 * <p>Its own chain is readers, vector reader where there is a vector index, bridge, standard streams. SIGTERM, SIGINT and the end of the input all stop it by the JVM's
 * shutdown hook, which runs once: the last link first, each bounded, then the JVM is gone. Standard output carries JSON-RPC
 * alone; the log goes to standard error.
 */
final class SearchServerMain {
    static final String COMMAND = "search-server";

    /** For a start under way to settle, before the stop goes on without it. */
    private static final long SETTLE_MS = 2_000;

    /** The sum of the other links' budgets and a little more. */
    private static final long STOP_MS = 2_500;

    private SearchServerMain() {}

    /** Starts it; returns 0 when it serves, otherwise the exit code after saying why on standard error. */
    static int run(String[] args) {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        // Whoever prints by mistake must not break the protocol.
        System.setOut(System.err);
        CairnConfig config;
        try {
            // The worker's settings file may say that search runs in a process: this is that process.
            config = Main.config(args, new JsonObject().put("search", new JsonObject().put("mode", "embedded")));
        } catch (ConfigException e) {
            System.err.println("cairn: " + e.getMessage());
            return 2;
        }
        Logging.beginOnStandardError(config.log());
        return serve(config, out);
    }

    private static int serve(CairnConfig config, OutputStream out) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(config.store().readers() + 1)
                .setInternalBlockingPoolSize(2));
        Next stdio = Next.one(() -> new StdioVerticle(System.in, out, SearchServerMain::exit));
        Next bridge = Next.one(() -> new SearchBridgeVerticle(config, null, stdio));
        boolean keywordOnly = config.vector().mode().equals("off");
        Next above =
                keywordOnly ? bridge : Next.one(() -> new VectorReaderVerticle(config, owner(vertx, config), bridge));
        Future<String> started = vertx.deployVerticle(new ReadOnlyStoreVerticle(config, above));
        long stopMs = STOP_MS + (keywordOnly ? 0 : VectorReaderVerticle.stopBudgetMs(config));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, started, stopMs), "cairn-search-stop"));
        try {
            started.await();
            return 0;
        } catch (CairnException e) {
            System.err.println("cairn: " + e.getMessage());
            return e.code().exitCode() == 4 ? 4 : 1;
        } catch (RuntimeException e) {
            System.err.println("cairn: the search server did not start: " + e);
            return 1;
        }
    }

    private static @Nullable ChildOwner owner(Vertx vertx, CairnConfig config) {
        return InheritedOwner.within(vertx, config.process(), "vector reader", System.getenv());
    }

    /** Elsewhere: an exit waits for the stop, and the stop for the event loop. */
    private static void exit() {
        new Thread(() -> System.exit(0), "cairn-search-exit").start();
    }

    private static void stop(Vertx vertx, Future<String> started, long stopMs) {
        Logger log = LoggerFactory.getLogger(SearchServerMain.class);
        try {
            // A Vert.x that closes while it deploys stops the links in no order.
            started.otherwiseEmpty().await(SETTLE_MS, TimeUnit.MILLISECONDS);
            vertx.close().await(stopMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("The search server did not stop in time");
        } catch (RuntimeException e) {
            log.warn("The search server stopped with a failure: {}", e.toString());
        }
    }
}
