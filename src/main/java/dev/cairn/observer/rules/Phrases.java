package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sentences about commands and looks, as facts: what was run and found, never what to do. */
final class Phrases {
    private static final int COMMAND = 100;

    private Phrases() {}

    /** {@code `mvn test` failed (exit code 1): “…”}. */
    static String failure(ToolCall call) {
        CommandOutcome outcome = call.outcome();
        String command = Titles.commandOf(call, COMMAND);
        if (outcome == null) {
            return command + " failed: " + Texts.quote(call.error() == null ? "" : call.error());
        }
        String error = outcome.error().isEmpty() ? "" : ": " + Texts.quote(outcome.error());
        String how = outcome.words().equals("interrupted")
                ? " was interrupted"
                : outcome.words().equals("timed out") ? " timed out" : " failed";
        String detail = how.equals(" failed") && !outcome.words().equals("failed") ? " (" + outcome.words() + ")" : "";
        return command + how + detail + error;
    }

    /** {@code `mvn test` passed: 12 tests passed}. */
    static String success(ToolCall call) {
        CommandOutcome outcome = call.outcome();
        String command = Titles.commandOf(call, COMMAND);
        CommandPurpose purpose = call.purpose();
        String verb = purpose.proves() ? " passed" : " succeeded";
        if (outcome == null) {
            return command + verb;
        }
        if (outcome.report() != null) {
            return command + verb + ": " + outcome.report().words();
        }
        boolean speaks = purpose == CommandPurpose.RUN && outcome.lastLine().length() > 1;
        return command + verb + (speaks ? "; its last line was " + Texts.quote(outcome.lastLine()) : "");
    }

    static String outcome(ToolCall call) {
        return call.failed() ? failure(call) : success(call);
    }

    /** What a commit says of itself; empty when the call is none. */
    static String commit(ToolCall call) {
        CommandLine command = call.command();
        if (command == null || !call.is(CommandPurpose.COMMIT) || call.failed()) {
            return "";
        }
        String subject = command.commitSubject();
        String hash = call.outcome() == null ? "" : call.outcome().commit();
        String as = subject == null ? "" : " as " + Texts.quote(subject);
        return "The work was committed" + as + (hash.isEmpty() ? "" : " (" + hash + ")");
    }

    /** What was looked at: one sentence for each kind of look. */
    static List<String> looks(Turn turn, List<ToolCall> calls) {
        List<String> sentences = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (ToolCall call : calls) {
            String sentence = look(turn, call);
            if (sentence != null && seen.add(sentence) && sentences.size() < 40) {
                sentences.add(sentence);
            }
        }
        return sentences;
    }

    /** One look as a fact; null when there is nothing to tell of it. */
    static @Nullable String look(Turn turn, ToolCall call) {
        if (call.failed()) {
            return null;
        }
        String subject = Texts.quote(Texts.clip(call.subject(), 120));
        return switch (call.kind()) {
            case READ -> {
                String file = call.files().isEmpty() ? null : call.files().get(0);
                yield file == null || call.names().isEmpty() ? null : file + " defines " + Texts.list(call.names(), 8);
            }
            case SEARCH -> call.subject().isEmpty() ? null : "A search for " + subject + within(call) + found(call);
            case WEB ->
                call.subject().startsWith("http")
                        ? "Fetched " + Texts.clip(call.subject(), 200)
                        : call.subject().isEmpty() ? null : "Searched the web for " + subject;
            case DELEGATE -> {
                String report = turn.report(call);
                yield report.isEmpty()
                        ? null
                        : "A sub-agent working on " + subject + " reported: "
                                + Texts.quote(Texts.firstSentences(report, 280));
            }
            case EXTERNAL -> external(call);
            default -> null;
        };
    }

    private static String external(ToolCall call) {
        String name = call.tool();
        String server = "";
        if (name.startsWith("mcp__") && name.lastIndexOf("__") > 4) {
            server = " of the MCP server " + name.substring(5, name.lastIndexOf("__"));
            name = name.substring(name.lastIndexOf("__") + 2);
        }
        String about = call.subject().isEmpty() ? "" : " for " + Texts.quote(Texts.clip(call.subject(), 120));
        return "The tool " + name + server + " was used" + about;
    }

    private static String within(ToolCall call) {
        String place = call.files().isEmpty() ? "" : call.files().get(0);
        return place.isEmpty() || place.equals(".") ? "" : " in " + place;
    }

    private static String found(ToolCall call) {
        return call.hits() < 0
                ? ""
                : call.hits() == 0 ? " found nothing" : " found " + Texts.count(call.hits(), "match");
    }
}
