package dev.cairn.bus;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus with typed addresses. Every request has a deadline, and every failure reaches the caller as a
 * {@link CairnException}, whichever JVM it arose in. Thread-safe; make one for each Vert.x instance or many, as you like.
 */
public final class Bus {
    /** How long a request waits unless it says otherwise, in milliseconds. */
    public static final long DEFAULT_TIMEOUT_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

    private record Refusal(String message, @Nullable String field) {}

    private final EventBus eventBus;
    private final Set<Class<?>> known = ConcurrentHashMap.newKeySet();

    public Bus(Vertx vertx) {
        eventBus = vertx.eventBus();
    }

    /** Sends a request with the default deadline. */
    public <Q, R> Future<R> request(Address<Q, R> address, Q request) {
        return request(address, request, DEFAULT_TIMEOUT_MS);
    }

    /**
     * Sends a request.
     *
     * @param timeoutMs the deadline in milliseconds; past it the future fails with TIMEOUT
     * @return the reply; fails with a {@link CairnException} only
     */
    public <Q, R> Future<R> request(Address<Q, R> address, Q request, long timeoutMs) {
        register(address.request());
        register(address.reply());
        return eventBus.<R>request(address.name(), request, new DeliveryOptions().setSendTimeout(timeoutMs))
                .transform(answer -> {
                    if (answer.failed()) {
                        return Future.failedFuture(toCairn(address.name(), answer.cause()));
                    }
                    try {
                        return Future.succeededFuture(answer.result().body());
                    } catch (RuntimeException e) {
                        return Future.failedFuture(toCairn(address.name(), e));
                    }
                });
    }

    /** Sends to one consumer, without an answer. */
    public <Q> void send(Address<Q, ?> address, Q message) {
        register(address.request());
        eventBus.send(address.name(), message);
    }

    /** Tells everybody who listens. */
    public <Q> void publish(Address<Q, ?> address, Q event) {
        register(address.request());
        eventBus.publish(address.name(), event);
    }

    /**
     * Answers requests. The handler runs on the caller's context; whatever it throws or fails with is told the requester
     * with its code and field.
     */
    public <Q, R> MessageConsumer<Q> serve(Address<Q, R> address, Function<Q, Future<R>> handler) {
        register(address.request());
        register(address.reply());
        return eventBus.consumer(
                address.name(),
                message -> handle(handler, message)
                        .onComplete(
                                reply -> message.reply(reply), failure -> refuse(address.name(), message, failure)));
    }

    /** Listens to published events. A handler that throws is logged and listens on. */
    public <Q> MessageConsumer<Q> listen(Address<Q, ?> address, Consumer<Q> handler) {
        register(address.request());
        return eventBus.consumer(address.name(), message -> {
            try {
                handler.accept(message.body());
            } catch (RuntimeException e) {
                LOG.warn("A listener on {} failed", address.name(), e);
            }
        });
    }

    private static <Q, R> Future<R> handle(Function<Q, Future<R>> handler, Message<Q> message) {
        try {
            return handler.apply(message.body());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static void refuse(String address, Message<?> message, Throwable failure) {
        CairnException refusal = toCairn(address, failure);
        if (refusal.code() == ErrorCode.INTERNAL) {
            LOG.error("{} failed", address, failure);
        }
        message.fail(
                refusal.code().httpStatus(), WireFormat.encode(new Refusal(refusal.getMessage(), refusal.field())));
    }

    /** What a failure is called outside: a {@link CairnException} stays itself, anything else becomes INTERNAL. */
    public static CairnException toCairn(String address, Throwable failure) {
        if (failure instanceof CairnException already) {
            return already;
        }
        if (failure instanceof ReplyException reply) {
            return ofReply(address, reply);
        }
        return new CairnException(ErrorCode.INTERNAL, "internal error at " + address, null, failure);
    }

    private static CairnException ofReply(String address, ReplyException reply) {
        if (reply.failureType() == ReplyFailure.TIMEOUT) {
            return new CairnException(ErrorCode.TIMEOUT, address + " did not answer in time", null, reply);
        }
        if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
            return new CairnException(ErrorCode.UNAVAILABLE, address + " is not served now; try again", null, reply);
        }
        String message = String.valueOf(reply.getMessage());
        ErrorCode code = ErrorCode.ofStatus(reply.failureCode());
        if (!message.startsWith("{")) {
            return new CairnException(code, message, null, reply);
        }
        Refusal refusal = WireFormat.decode(message, Refusal.class);
        return new CairnException(code, refusal.message(), refusal.field(), reply);
    }

    private <T> void register(Class<T> type) {
        if (!known.add(type)) {
            return;
        }
        try {
            eventBus.registerDefaultCodec(type, new RecordCodec<>(type));
        } catch (IllegalStateException e) {
            // Another Bus of the same Vert.x registered it: the codecs are the same.
            LOG.trace("Codec of {} is registered", type);
        }
    }
}
