package dev.cairn.observer.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.PlainText;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.OwnSessions;
import dev.cairn.process.Child;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with one child: one question at a time, as what is told while it answers would be taken for one later question.
 * For one event loop.
 */
final class ClaudeSession {
    private static final int LONGEST_ERROR = 300;
    /** The least bound of a line, in characters: the first one lists what the program has loaded. */
    private static final int LEAST_LINE = 256 * 1024;
    /** A token of white space is long. */
    private static final int CHARACTERS_PER_TOKEN = 64;

    /** What the program would take for a command of its own begins with a slash: ours never does. */
    private static final String BEFORE = "To observe:\n";

    private static final int SIGNALLED = 128;

    private final Child child;
    private final Talk talk;
    private final OwnSessions own;
    private final int longestLine;
    private @Nullable Turn turn;
    private boolean heard;
    private boolean ended;
    private double cost;
    /** How long the conversation is, in tokens; 0 before the first answer. */
    private long told;

    /** To be made on the event loop that it is used on. */
    ClaudeSession(Child child, Talk talk, OwnSessions own) {
        this.child = child;
        this.talk = talk;
        this.own = own;
        longestLine = Math.max(LEAST_LINE, talk.outputTokens() * CHARACTERS_PER_TOKEN);
        child.lines(this::line);
        child.gone().onComplete(gone -> ended(gone.result()));
    }

    boolean ended() {
        return ended;
    }

    Talk talk() {
        return talk;
    }

    /** Whether nothing was asked yet. */
    boolean fresh() {
        return told == 0;
    }

    /**
     * Whether a question may still be told to it.
     *
     * @param mostTokens how long the conversation may grow
     */
    boolean takes(ModelRequest request, int mostTokens) {
        return !ended && talk.serves(request) && (fresh() || told + PlainText.tokens(request.document()) <= mostTokens);
    }

    /** Asks; fails with a ModelException alone, after which the child must not be used any more. */
    Future<ModelAnswer> ask(ModelRequest request) {
        Turn mine = new Turn("claude", cost);
        if (ended || turn != null) {
            mine.fail(Fault.TRANSPORT, "Claude Code " + (ended ? "has ended" : "is still being asked"));
            return mine.answer();
        }
        turn = mine;
        child.busy(true);
        String text = BEFORE + (fresh() ? request.message() : request.document());
        // One that takes no question is ending, and its end tells why.
        child.send(question(text)).onFailure(failure -> child.stop("it takes no question"));
        return mine.answer()
                .onSuccess(answer -> {
                    cost = mine.cost();
                    // All that was told before is read again with each question.
                    told = Math.max(1, answer.usage().total());
                })
                .onComplete(done -> {
                    child.busy(false);
                    turn = null;
                });
    }

    private static String question(String text) {
        ObjectNode line = WireFormat.mapper().createObjectNode();
        line.put("type", "user");
        line.putObject("message").put("role", "user").put("content", text);
        line.putNull("parent_tool_use_id");
        line.put("session_id", "");
        return line.toString();
    }

    private void line(String line) {
        Turn open = turn;
        if (open == null || line.isBlank()) {
            return;
        }
        if (line.length() > longestLine) {
            open.fail(
                    Fault.PROTOCOL,
                    "Claude Code said more than " + longestLine + " characters at once, far more than was asked for");
            return;
        }
        JsonNode json;
        try {
            json = WireFormat.mapper().readTree(line);
        } catch (JsonProcessingException e) {
            open.fail(
                    Fault.PROTOCOL, "Claude Code said something that is not JSON: " + Words.line(line, LONGEST_ERROR));
            return;
        }
        heard = true;
        if (json.path("session_id").isTextual()) {
            // It was told which to use; a program that takes another is still our own.
            own.add(json.path("session_id").textValue());
        }
        open.line(json);
    }

    private void ended(Child.Exit exit) {
        ended = true;
        Turn open = turn;
        if (open == null) {
            return;
        }
        List<String> errors = child.lastErrors();
        String words = errors.isEmpty() ? "" : ": " + Words.line(errors.get(errors.size() - 1), LONGEST_ERROR);
        String breach = child.breach();
        if (breach != null) {
            open.fail(Fault.TRANSPORT, "Claude Code was ended over process.limits.agent." + breach);
        } else if (words.toLowerCase(Locale.ROOT).contains("unknown option")) {
            open.fail(Fault.SETUP, "Claude Code does not know how it is started" + words + "; update it");
        } else if (!heard && exit.code() > 0 && exit.code() < SIGNALLED) {
            open.fail(
                    Fault.SETUP,
                    "Claude Code ended with " + exit.code() + " before it said anything" + words
                            + "; run the program of observer.claude.command in a terminal");
        } else {
            open.fail(Fault.TRANSPORT, "Claude Code ended with " + exit.code() + " before it had answered" + words);
        }
    }
}
