package dev.cairn.worker;

import dev.cairn.bus.Bus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.mcp.McpStdioServer;
import dev.cairn.search.McpTools;
import io.vertx.core.Future;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The search server's door: MCP on its standard streams. */
final class StdioVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 200;

    private final InputStream in;
    private final OutputStream out;
    private final Runnable onEnd;
    private @Nullable McpStdioServer server;

    /** @param onEnd called once the input has ended, or the output is broken; must not wait for the stop */
    StdioVerticle(InputStream in, OutputStream out, Runnable onEnd) {
        super("stdio", STOP_BUDGET_MS, null);
        this.in = in;
        this.out = out;
        this.onEnd = onEnd;
    }

    @Override
    protected Future<?> open() {
        McpStdioServer stdio =
                new McpStdioServer(vertx, McpTools.createReadOnly(new Bus(vertx), Version.current()), in, out);
        server = stdio;
        stdio.serve().onComplete(ended -> onEnd.run());
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> close() {
        return server == null ? Future.succeededFuture() : server.close();
    }
}
