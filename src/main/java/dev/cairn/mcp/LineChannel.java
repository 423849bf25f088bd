package dev.cairn.mcp;

import dev.cairn.process.Child;
import io.vertx.core.Future;
import io.vertx.core.Handler;

/** Whole lines to and from the other side, such as a child's standard input and output. */
public interface LineChannel {
    /**
     * Sends one line; lines arrive in the order of the calls.
     *
     * @param line without a line end
     * @return fails when it cannot be sent: the channel is closed, or too much waits to be sent
     */
    Future<Void> send(String line);

    /** Takes the lines that come, in order; called once. */
    void lines(Handler<String> handler);

    /** Completes, either way, when no line comes any more. */
    Future<?> closed();

    /** The standard streams of a child; closed when its whole tree is gone. */
    static LineChannel of(Child child) {
        return new LineChannel() {
            @Override
            public Future<Void> send(String line) {
                return child.send(line);
            }

            @Override
            public void lines(Handler<String> handler) {
                child.lines(handler);
            }

            @Override
            public Future<?> closed() {
                return child.gone();
            }
        };
    }
}
