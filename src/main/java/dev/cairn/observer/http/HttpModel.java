package dev.cairn.observer.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.ProviderContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A model behind an API that takes a question as JSON and answers with JSON.
 *
 * <p>Servers of one API differ in what they take. A question is first asked in the best form; when the server refuses that form
 * by name, it is asked in a lesser one, within the same time, and so is every later question of this model. Forms only ever get
 * less, so this ends.
 *
 * @param <F> the form of a question, a value
 */
abstract class HttpModel<F> implements Model {
    private final Service service;
    private final String model;
    private final @Nullable Proxy proxy;
    private final HttpExchange http;
    private volatile F form;

    HttpModel(ProviderContext context, Service service, String model, F form) {
        this.service = service;
        this.model = model;
        this.form = form;
        proxy = Proxy.to(service.endpoint(), context.config().proxy(), context.environment());
        http = new HttpExchange(context.vertx(), service.endpoint(), proxy);
    }

    /** Where questions go, below the endpoint's path. */
    abstract String path();

    /** Adds what opens the API, and what all of its requests say. */
    abstract void head(MultiMap headers, @Nullable String key);

    abstract ObjectNode body(ModelRequest request, F form);

    /** The next lesser form, when the server refuses something of this one that can be left out; null for none. */
    abstract @Nullable F lesser(F form, Refusal refusal);

    /** @return null for what is no answer of this API */
    abstract @Nullable ModelAnswer read(JsonNode body);

    /** Whether a question may be asked without a key. */
    boolean keyless() {
        return false;
    }

    @Override
    public final String model() {
        return model;
    }

    @Override
    public final Future<ModelAnswer> ask(ModelRequest request) {
        if (service.key() == null && !keyless()) {
            return Future.failedFuture(new ModelException(
                    Fault.SETUP,
                    service.name() + " needs a key; set " + service.setting("apiKey") + ", or " + service.variable()
                            + " in the worker's environment"));
        }
        if (!service.keyFits()) {
            return Future.failedFuture(new ModelException(
                    Fault.SETUP,
                    "the key of " + service.name() + " (" + service.setting("apiKey") + " or " + service.variable()
                            + ") has spaces or characters that no key has; copy it again"));
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.timeoutMs());
        return Future.succeededFuture(form)
                .compose(best -> ask(request, best, end))
                .recover(failure -> Future.failedFuture(Breakdown.of(service, proxy, failure, request.timeoutMs())));
    }

    private Future<ModelAnswer> ask(ModelRequest request, F asked, long end) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        head(headers, service.key());
        Buffer question = Buffer.buffer(WireFormat.encodeUtf8(body(request, asked)));
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
        return http.post(path(), headers, question, left).compose(reply -> {
            JsonNode answer = reply.json();
            ModelAnswer read = reply.succeeded() && !refused(answer) ? read(answer) : null;
            if (read != null) {
                return Future.succeededFuture(read);
            }
            Refusal refusal = refusal(reply, answer);
            F lesser = lesser(asked, refusal);
            if (lesser == null) {
                return Future.failedFuture(Faults.of(service, refusal, Instant.now()));
            }
            // Another question may have found out more meanwhile.
            form = form.equals(asked) ? lesser : form;
            return ask(request, lesser, end);
        });
    }

    private static boolean refused(JsonNode answer) {
        return answer.hasNonNull("error");
    }

    /** An error may be in the answer's place, for some servers within a success. */
    Refusal refusal(Reply reply, JsonNode answer) {
        return Refusal.of(reply);
    }

    @Override
    public final Future<?> close() {
        return http.close();
    }

    static String modelNamed(JsonNode named, String asked) {
        String name = named.asText();
        return name.isEmpty() ? asked : name;
    }
}
