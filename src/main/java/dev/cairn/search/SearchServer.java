package dev.cairn.search;

import dev.cairn.mcp.McpClient;
import dev.cairn.process.KeptChild;
import io.vertx.core.Future;
import java.util.Locale;

/** The search server as those see it who call it. */
interface SearchServer {
    /** Its client; starts it when it is not running and may be started. */
    Future<McpClient> get();

    /** Whether it can be asked at once. */
    boolean up();

    /** One word for people. */
    String state();

    /** Ends it, so that the next call starts another. */
    Future<Void> recycle(String reason);

    static SearchServer of(KeptChild<McpClient> kept) {
        return new SearchServer() {
            @Override
            public Future<McpClient> get() {
                return kept.get();
            }

            @Override
            public boolean up() {
                return kept.state() == KeptChild.State.UP;
            }

            @Override
            public String state() {
                return kept.state().name().toLowerCase(Locale.ROOT);
            }

            @Override
            public Future<Void> recycle(String reason) {
                return kept.recycle(reason);
            }
        };
    }
}
