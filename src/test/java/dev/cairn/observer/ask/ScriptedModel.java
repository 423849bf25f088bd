package dev.cairn.observer.ask;

import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.ModelUsage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model that answers by a script; when that is at its end it observes each tool use it was told of. */
final class ScriptedModel implements Model {
    static final ModelUsage USAGE = new ModelUsage(100, 20, 5, 3, null);

    final List<ModelRequest> requests = new ArrayList<>();
    private final Deque<Function<ModelRequest, Future<ModelAnswer>>> script = new ArrayDeque<>();
    private @Nullable Promise<ModelAnswer> waiting;

    ScriptedModel says(String text) {
        return ends(text, ModelAnswer.End.COMPLETE);
    }

    ScriptedModel ends(String text, ModelAnswer.End end) {
        script.add(request -> Future.succeededFuture(new ModelAnswer(text, end, "scripted", USAGE)));
        return this;
    }

    ScriptedModel fails(Fault fault, @Nullable Long retryAfterMs) {
        script.add(request ->
                Future.failedFuture(new ModelException(fault, "It went wrong: " + fault + ".", retryAfterMs, null)));
        return this;
    }

    ScriptedModel never() {
        script.add(request -> {
            Promise<ModelAnswer> promise = Promise.promise();
            waiting = promise;
            return promise.future();
        });
        return this;
    }

    ScriptedModel throwsUp() {
        script.add(request -> {
            throw new IllegalStateException("a defect");
        });
        return this;
    }

    @Override
    public Future<ModelAnswer> ask(ModelRequest request) {
        requests.add(request);
        Function<ModelRequest, Future<ModelAnswer>> next = script.poll();
        return next == null
                ? Future.succeededFuture(
                        new ModelAnswer(Answers.each(request.document()), ModelAnswer.End.COMPLETE, "scripted", USAGE))
                : next.apply(request);
    }

    @Override
    public String model() {
        return "scripted";
    }

    @Override
    public Future<?> close() {
        if (waiting != null) {
            waiting.tryFail(new ModelException(Fault.TRANSPORT, "The worker is stopping."));
        }
        return Future.succeededFuture();
    }
}
