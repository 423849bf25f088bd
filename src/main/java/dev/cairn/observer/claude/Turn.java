package dev.cairn.observer.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cairn.model.PlainText;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelAnswer.End;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelUsage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** One question to the program, and what it has said to it so far. For one event loop. */
final class Turn {
    /** What the program says in the model's place. */
    private static final String SYNTHETIC = "<synthetic>";

    private static final double MICROS = 1e6;

    private final Promise<ModelAnswer> answer = Promise.promise();
    private final StringBuilder text = new StringBuilder();
    private final double costBefore;
    private String model;
    private @Nullable String error;
    private JsonNode usage = MissingNode.getInstance();
    private boolean synthetic;
    private long resetsAt;
    private double cost;

    /**
     * @param model what is asked, until the answer says
     * @param costBefore what the child's earlier answers cost, in dollars
     */
    Turn(String model, double costBefore) {
        this.model = model;
        this.costBefore = costBefore;
        this.cost = costBefore;
    }

    Future<ModelAnswer> answer() {
        return answer.future();
    }

    /** What the child's answers cost up to this one, in dollars. */
    double cost() {
        return cost;
    }

    void fail(Fault fault, String message) {
        answer.tryFail(new ModelException(fault, message));
    }

    void line(JsonNode line) {
        switch (line.path("type").asText()) {
            case "system" -> system(line);
            case "assistant" -> assistant(line);
            case "user" -> goesOn(line);
            case "rate_limit_event" -> limit(line.path("rate_limit_info"));
            case "result" -> result(line);
            default -> {
                // A newer program may have more to say.
            }
        }
    }

    private void system(JsonNode line) {
        if (line.path("subtype").asText().equals("init")) {
            model = line.path("model").asText(model);
        }
    }

    private void assistant(JsonNode line) {
        JsonNode message = line.path("message");
        String kind = line.path("error").asText();
        error = kind.isEmpty() ? error : kind;
        if (message.path("model").asText().equals(SYNTHETIC)) {
            synthetic = true;
            return;
        }
        synthetic = false;
        model = message.path("model").asText(model);
        usage = message.path("usage");
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asText().equals("text")) {
                text.append(block.path("text").asText());
            }
        }
    }

    /**
     * The program asks by itself for more: up to three times when the answer was cut, once when the model declined. Nobody asked it
     * to, and each is another call.
     */
    private void goesOn(JsonNode line) {
        if (line.has("refused_message_id")) {
            finish(End.REFUSED, "", soFar());
        } else if (text.length() > 0) {
            finish(End.CUT, text.toString(), soFar());
        }
    }

    /** Before the result only the usage at the answer's beginning is told: its output is estimated. */
    private ModelUsage soFar() {
        ModelUsage told = tokens(usage, null);
        long output = Math.max(told.output(), PlainText.tokens(text.toString()));
        return new ModelUsage(told.input(), output, told.cacheRead(), told.cacheWrite(), null);
    }

    private void limit(JsonNode info) {
        if (info.path("status").asText().equals("rejected")) {
            resetsAt = info.path("resetsAt").asLong();
        }
    }

    private void result(JsonNode line) {
        cost = line.path("total_cost_usd").asDouble(costBefore);
        Long micros = line.path("total_cost_usd").isNumber() && cost >= costBefore
                ? Math.round((cost - costBefore) * MICROS)
                : null;
        ModelUsage used = tokens(line.path("usage"), micros);
        String said = line.path("result").asText();
        if (ClaudeFaults.refused(line)) {
            finish(End.REFUSED, "", used);
        } else if (ClaudeFaults.cut(line)) {
            finish(End.CUT, text.toString(), used);
        } else if (line.path("is_error").asBoolean()
                || !line.path("subtype").asText().equals("success")) {
            answer.tryFail(ClaudeFaults.of(line, error, resetsAt, System.currentTimeMillis()));
        } else if (synthetic || used.total() == 0) {
            // A command of its own, perhaps: whatever it is, the model was not asked.
            fail(Fault.PROTOCOL, "Claude Code answered in the model's place: " + Words.line(said, 200));
        } else {
            finish(End.COMPLETE, said, used);
        }
    }

    private void finish(End end, String said, ModelUsage used) {
        answer.tryComplete(new ModelAnswer(said, end, model, used));
    }

    private static ModelUsage tokens(JsonNode usage, @Nullable Long micros) {
        return new ModelUsage(
                count(usage, "input_tokens"),
                count(usage, "output_tokens"),
                count(usage, "cache_read_input_tokens"),
                count(usage, "cache_creation_input_tokens"),
                micros);
    }

    private static long count(JsonNode usage, String field) {
        return Math.max(0, usage.path(field).asLong());
    }
}
