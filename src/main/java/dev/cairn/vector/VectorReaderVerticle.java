package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import dev.cairn.process.ChildOwner;
import dev.cairn.vector.embed.Embedder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link of a search server that answers semantic queries from the index the worker keeps. It never writes: no document, no
 * collection, no installation.
 */
public final class VectorReaderVerticle extends ChainVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(VectorReaderVerticle.class);

    /** Beside Chroma's grace: the end of its input, and what a kill takes. */
    private static final long STOP_BUDGET_MS = 1_000;

    private static final long IDLE_LOOK_MS = 10_000;

    private final CairnConfig config;
    private final @Nullable ChildOwner owner;
    private final Function<Vertx, Embedder> embedders;
    private @Nullable MessageConsumer<?> consumer;
    private @Nullable IndexDoor door;
    private @Nullable ChromaReader reader;

    /**
     * @param owner of the Chroma process, closed with this link; null where nobody would end what a killed search server leaves:
     *     then search is by keyword
     */
    public VectorReaderVerticle(CairnConfig config, @Nullable ChildOwner owner, Next next) {
        this(config, owner, vertx -> Embedders.of(vertx, config), next);
    }

    /** @param embedders makes the embedder of searches, where it is not the index itself that embeds; closed with this link */
    VectorReaderVerticle(
            CairnConfig config, @Nullable ChildOwner owner, Function<Vertx, Embedder> embedders, Next next) {
        super("vector reader", stopBudgetMs(config), next);
        this.config = config;
        this.owner = owner;
        this.embedders = embedders;
    }

    /** How long its stop may take, in milliseconds. */
    public static long stopBudgetMs(CairnConfig config) {
        return STOP_BUDGET_MS + config.process().graceMs();
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        if (config.vector().mode().equals("chroma-http")) {
            // A server is asked as it is: no child, no view of our own, nobody to end it for.
            HttpChromaDoor server = HttpChromaDoor.of(vertx, config, embedders.apply(vertx), true);
            door = server;
            return register(bus.serve(Addresses.VECTOR_QUERY, SemanticQueries.reading(bus, server)::query));
        }
        if (!config.vector().ownsProcess()) {
            LOG.info("The vector index is in the worker alone: this search server searches by keyword");
            CairnException elsewhere = CairnException.unavailable("the vector index is in the worker alone");
            return register(bus.serve(Addresses.VECTOR_QUERY, query -> Future.failedFuture(elsewhere)));
        }
        if (config.vector().mode().equals("embedded")) {
            // A model and all vectors a second time would double the memory; who asks this server has both.
            CairnException refusal = CairnException.unavailable("the worker itself searches by meaning");
            return register(bus.serve(Addresses.VECTOR_QUERY, query -> Future.failedFuture(refusal)));
        }
        ChildOwner owning = owner;
        if (owning == null) {
            LOG.info("No worker has started this search server: it searches by keyword");
            CairnException refusal = CairnException.unavailable("this search server has no worker above it");
            return register(bus.serve(Addresses.VECTOR_QUERY, query -> Future.failedFuture(refusal)));
        }
        ChromaFiles files = new ChromaFiles(config.dataDir());
        ChromaReader reading = new ChromaReader(
                bus,
                new SharedIndex(vertx, files),
                () -> new ChromaProcess(
                        vertx, owning, config.vector(), config.process(), files, System.getenv(), true));
        reader = reading;
        long idleMs = config.process().limitsOf("chroma").idleMs();
        if (idleMs > 0) {
            vertx.setPeriodic(Math.min(idleMs, IDLE_LOOK_MS), timer -> reading.rest(idleMs));
        }
        return register(bus.serve(Addresses.VECTOR_QUERY, reading::query));
    }

    private Future<?> register(MessageConsumer<?> serving) {
        consumer = serving;
        return serving.completion();
    }

    @Override
    protected Future<?> close() {
        if (reader != null) {
            reader.close();
        }
        Future<?> unregistered = consumer == null ? Future.succeededFuture() : consumer.unregister();
        Future<?> closed = door == null ? Future.succeededFuture() : door.close();
        return Future.join(unregistered, closed, owner == null ? Future.succeededFuture() : owner.close());
    }
}
