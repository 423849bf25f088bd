package dev.cairn.vector;

import dev.cairn.config.ProcessConfig;
import dev.cairn.config.VectorConfig;
import dev.cairn.mcp.LineChannel;
import dev.cairn.mcp.McpClient;
import dev.cairn.mcp.McpException;
import dev.cairn.mcp.McpPeer;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.process.Child;
import dev.cairn.process.ChildOwner;
import dev.cairn.process.KeptChild;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one {@code chroma-mcp} process, installed and started when it is wanted, shared by all who want it. */
final class ChromaProcess implements IndexDoor {
    private static final McpPeer SELF = new McpPeer("cairn", "1");

    /** Where every traceback of a start that could not open the database passes through. */
    private static final String OPENING = "in get_chroma_client";

    private final Vertx vertx;
    private final Context context;
    private final VectorConfig config;
    private final ChromaFiles files;
    private final ChromaInstallation installation;
    private final SharedIndex index;
    private final KeptChild<VectorIndex> kept;
    private volatile @Nullable String broken;
    private boolean discarding;

    /**
     * Answers on the context it is made on, and is used there.
     *
     * @param reads whether another process installs Chroma and writes the index
     * @param processes its grace, and after how many failed starts it is left alone for a while
     * @param environment the worker's own
     */
    ChromaProcess(
            Vertx vertx,
            ChildOwner owner,
            VectorConfig config,
            ProcessConfig processes,
            ChromaFiles files,
            Map<String, String> environment,
            boolean reads) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.files = files;
        ChromaCommand command = new ChromaCommand(config, processes.graceMs(), files, environment);
        installation = new ChromaInstallation(vertx, owner, command, files, config.installMs(), reads);
        index = new SharedIndex(vertx, files);
        kept = new KeptChild<>(
                owner,
                command::server,
                child -> here(Future.succeededFuture(child)).compose(this::connect),
                processes.alerts().restarts());
    }

    @Override
    public Future<VectorIndex> open() {
        if (discarding) {
            return Future.failedFuture(CairnException.unavailable("Chroma's database is being put aside"));
        }
        return here(installation.ensure().compose(installed -> kept.get())).recover(failure -> {
            String reason = broken;
            return Future.failedFuture(reason == null ? failure : new BrokenStoreException(reason));
        });
    }

    private Future<VectorIndex> connect(Child child) {
        return here(McpClient.connect(vertx, LineChannel.of(child), SELF, config.connectMs()))
                .<VectorIndex>map(client -> {
                    broken = null;
                    return new McpChroma(
                            (tool, arguments, timeoutMs) -> here(client.callTool(tool, arguments, timeoutMs))
                                    .map(answer -> new ToolCaller.Answer(answer.error(), answer.texts()))
                                    .recover(failure -> Future.failedFuture(toCairn(failure))));
                })
                .recover(failure -> {
                    boolean opening = child.lastErrors().stream().anyMatch(line -> line.contains(OPENING));
                    broken = opening ? last(child) : null;
                    // Unless it was its database, perhaps uv's cache is gone.
                    Future<Void> doubted = opening ? Future.succeededFuture() : installation.doubt();
                    return doubted.transform(any -> Future.failedFuture(toCairn(failure)));
                });
    }

    /** Children answer on threads of their own. */
    private <T> Future<T> here(Future<T> elsewhere) {
        Promise<T> promise = Promise.promise();
        elsewhere.onComplete(result -> context.runOnContext(any -> promise.handle(result)));
        return promise.future();
    }

    private static String last(Child child) {
        return "Chroma cannot open its database: "
                + child.lastErrors().get(child.lastErrors().size() - 1);
    }

    private static CairnException toCairn(Throwable failure) {
        if (failure instanceof CairnException already) {
            return already;
        }
        boolean late = failure instanceof McpException refusal && refusal.kind() == McpException.Kind.TIMEOUT;
        return new CairnException(
                late ? ErrorCode.TIMEOUT : ErrorCode.UNAVAILABLE, "Chroma: " + failure.getMessage(), null, failure);
    }

    @Override
    public String state() {
        return installation.running() ? "installing" : kept.state().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<String, String> details() {
        return Map.of("collection", McpChroma.COLLECTION);
    }

    @Override
    public Future<Void> recycle(String reason) {
        return here(kept.recycle(reason));
    }

    @Override
    public Future<Void> discard() {
        discarding = true;
        return here(kept.recycle("its database is put aside"))
                .compose(gone -> alone(
                        SharedIndex.Change.REPLACED,
                        () -> vertx.<Void>executeBlocking(() -> {
                            files.putAside();
                            return null;
                        })))
                .onComplete(done -> {
                    discarding = false;
                    broken = null;
                });
    }

    @Override
    public <T> Future<T> alone(SharedIndex.Change change, Supplier<Future<T>> work) {
        return index.alone(change, work);
    }

    @Override
    public Future<Void> close() {
        kept.close();
        return Future.succeededFuture();
    }
}
