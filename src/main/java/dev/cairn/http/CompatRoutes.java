package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.compat.Compat;
import dev.cairn.http.compat.Door;
import dev.cairn.http.compat.Refusals;
import dev.cairn.http.compat.Reply;
import dev.cairn.http.compat.Request;
import dev.cairn.http.compat.SharedDoor;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** The routes of the claude-mem plugin, beside the worker's own or around them. */
final class CompatRoutes {
    private final Compat compat;
    private final Live live;

    CompatRoutes(Compat compat, Live live) {
        this.compat = compat;
        this.live = live;
    }

    /** Adds what only that contract has. Before the worker's own: {@code /api/sessions/init} is no session's id. */
    void addTo(Routes routes) {
        for (Door door : compat.doors()) {
            Routes.Action action = exchange -> answer(door, exchange);
            routes.add(door.method(), door.path(), new Routes.Route(action, door.open(), false));
        }
    }

    /** Puts itself around the worker's own routes, which are there. */
    void around(Routes routes) {
        for (SharedDoor door : compat.sharedDoors()) {
            routes.around(door.method(), door.path(), (exchange, own) -> answer(door, exchange, own));
        }
    }

    private Future<Answer> answer(SharedDoor door, Exchange exchange, Routes.Action own) {
        Request seen = seen(exchange);
        return door.wants().test(seen)
                ? door.handler()
                        .answer(seen, () -> own.answer(exchange).map(CompatRoutes::reply))
                        .map(CompatRoutes::answer)
                : own.answer(exchange);
    }

    private Future<Answer> answer(Door door, Exchange exchange) {
        Future<Reply> reply;
        try {
            reply = door.handler().answer(seen(exchange));
        } catch (CairnException e) {
            reply = Future.failedFuture(e);
        }
        return reply.recover(failure -> failure instanceof CairnException refusal
                        ? Future.succeededFuture(Refusals.of(refusal))
                        : Future.failedFuture(failure))
                .map(CompatRoutes::answer);
    }

    private static Answer answer(Reply reply) {
        return new Answer(reply.status(), reply.type(), Buffer.buffer(reply.body()), null, Map.of());
    }

    private static Reply reply(Answer answer) {
        return new Reply(answer.status(), answer.type(), answer.body().toString(StandardCharsets.UTF_8));
    }

    private Request seen(Exchange exchange) {
        return new Seen(exchange, exchange.query(), live);
    }

    /** An exchange as that contract sees it. */
    private record Seen(Exchange exchange, Map<String, List<String>> query, Live live) implements Request {
        @Override
        public Set<String> names() {
            return query.keySet();
        }

        @Override
        public List<String> values(String name) {
            return query.getOrDefault(name, List.of());
        }

        @Override
        public String segment(int number) {
            return exchange.segment(number);
        }

        @Override
        public Future<JsonNode> body() {
            return exchange.optionalJson(
                    body -> body == null ? WireFormat.mapper().createObjectNode() : body);
        }

        @Override
        public boolean isSmallJson() {
            return exchange.isSmallJson();
        }

        @Override
        public String id() {
            return exchange.requestId();
        }

        @Override
        public int port() {
            return exchange.port();
        }

        @Override
        public int watchers() {
            return live.watchers();
        }

        @Override
        public <T> Future<T> blocking(Callable<T> work) {
            return exchange.blocking(work);
        }
    }
}
