package dev.cairn.observer.rules;

import dev.cairn.bus.NewSummary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The summary of a turn: what was asked, looked at, done and said, over all its tool uses. */
final class SummaryRules {
    private static final int MAX_FIELD = 1_000;
    private static final int MAX_FILES = 50;
    private static final int FILES_SHOWN = 8;

    private SummaryRules() {}

    /** Null when the turn has neither tool uses nor anything said. */
    static @Nullable NewSummary summary(Turn turn, ErrorFixes.Result errors) {
        if (turn.calls().isEmpty() && turn.said().isBlank() && turn.reports().isEmpty()) {
            return null;
        }
        Set<String> read = new LinkedHashSet<>();
        for (ToolCall call : turn.calls()) {
            if (call.kind() == ToolKind.READ && !call.failed()) {
                read.addAll(call.files());
            }
        }
        FileNotes changes = FileNotes.of(turn.calls());
        return new NewSummary(
                turn.request().isEmpty() ? null : turn.request(),
                field(investigated(turn, List.copyOf(read))),
                field(learned(turn, errors, changes)),
                field(completed(turn, changes)),
                field(nextSteps(turn, errors)),
                notes(turn),
                read.stream().limit(MAX_FILES).toList(),
                changes.files().stream().limit(MAX_FILES).toList(),
                turn.endedAt());
    }

    private static @Nullable String field(List<String> sentences) {
        String joined = Texts.clip(String.join(" ", sentences), MAX_FIELD);
        return joined.isEmpty() ? null : joined;
    }

    private static List<String> investigated(Turn turn, List<String> read) {
        List<String> sentences = new ArrayList<>();
        if (!read.isEmpty()) {
            sentences.add("Read " + Texts.list(read, FILES_SHOWN) + ".");
        }
        Set<String> patterns = new LinkedHashSet<>();
        Set<String> web = new LinkedHashSet<>();
        Set<String> agents = new LinkedHashSet<>();
        Set<String> external = new LinkedHashSet<>();
        for (ToolCall call : turn.calls()) {
            String subject = Texts.quote(Texts.clip(call.subject(), 80));
            boolean told = !call.subject().isEmpty();
            switch (call.kind()) {
                case SEARCH -> add(patterns, subject, told);
                case WEB -> add(web, subject, told);
                case DELEGATE -> add(agents, subject, told);
                case EXTERNAL -> external.add(call.tool());
                default -> {
                    // The other kinds are told as done, not as looked at.
                }
            }
        }
        group(sentences, "Searched for ", patterns);
        group(sentences, "Looked on the web for ", web);
        group(sentences, "Had sub-agents work on ", agents);
        group(sentences, "Used ", external);
        return sentences;
    }

    private static void add(Set<String> set, String text, boolean told) {
        if (told) {
            set.add(text);
        }
    }

    private static void group(List<String> sentences, String verb, Set<String> items) {
        if (!items.isEmpty()) {
            sentences.add(verb + Texts.list(List.copyOf(items), 5) + ".");
        }
    }

    private static List<String> completed(Turn turn, FileNotes changes) {
        List<String> sentences = new ArrayList<>();
        for (FileNotes.Note note : changes.all()) {
            if (sentences.size() < FILES_SHOWN) {
                sentences.add(Texts.sentence(note.sentence()));
            }
        }
        int more = changes.all().size() - sentences.size();
        if (more > 0) {
            sentences.add(Texts.count(more, "more file") + " changed.");
        }
        Set<String> told = new LinkedHashSet<>();
        for (ToolCall call : turn.calls()) {
            if (call.kind() == ToolKind.PLAN && !call.subject().isEmpty()) {
                String fate = call.failed() ? "was not accepted" : "was accepted";
                told.add("A plan " + fate + ": " + Texts.quote(DecisionRule.heading(call)) + ".");
            }
            boolean worth = call.command() != null && !call.failed() && call.purpose() != CommandPurpose.LOOK;
            boolean alone = call.purpose() != CommandPurpose.RUN || changes.isEmpty();
            if (worth && alone && !call.purpose().proves() && told.size() < 6) {
                String commit = Phrases.commit(call);
                told.add(Texts.sentence(commit.isEmpty() ? Phrases.success(call) : commit));
            }
        }
        sentences.addAll(told);
        return sentences;
    }

    private static List<String> learned(Turn turn, ErrorFixes.Result errors, FileNotes changes) {
        Set<String> sentences = new LinkedHashSet<>();
        for (ErrorFix fix : errors.fixes()) {
            if (sentences.size() < 5) {
                sentences.add(Texts.sentence(FixRule.learned(fix)));
            }
        }
        for (ToolCall failure : errors.unresolved()) {
            if (sentences.size() < 8) {
                sentences.add(Texts.sentence(Phrases.failure(failure)));
            }
        }
        ToolCall lastProof = null;
        for (ToolCall call : turn.calls()) {
            if (call.kind() == ToolKind.ASK && !call.answer().isBlank() && sentences.size() < 10) {
                sentences.add("The user answered: " + Texts.quote(Texts.oneLine(call.answer(), 200)) + ".");
            }
            boolean counted = call.outcome() != null && call.outcome().report() != null;
            lastProof = counted && !call.failed() ? call : lastProof;
        }
        if (lastProof != null) {
            sentences.add(Texts.sentence(Phrases.success(lastProof)));
        }
        boolean asked = Intent.isQuestion(turn.request()) && changes.isEmpty();
        if (asked && !turn.said().isBlank()) {
            sentences.add(Texts.sentence(Markdown.prose(turn.said(), 300)));
        }
        return List.copyOf(sentences);
    }

    private static List<String> nextSteps(Turn turn, ErrorFixes.Result errors) {
        List<String> sentences = new ArrayList<>();
        List<String> named = NextSteps.in(turn.said());
        if (!named.isEmpty()) {
            List<String> quoted = named.stream().map(Texts::quote).toList();
            sentences.add("The agent named as remaining: " + String.join(", ", quoted) + ".");
        }
        Set<String> open = new LinkedHashSet<>();
        for (ToolCall failure : errors.unresolved()) {
            open.add(Titles.commandOf(failure, 80));
        }
        if (!open.isEmpty()) {
            sentences.add(Texts.list(List.copyOf(open), 4) + " had not succeeded when the turn ended.");
        }
        return sentences;
    }

    private static String notes(Turn turn) {
        if (turn.interrupted()) {
            return "The turn was interrupted by the user.";
        }
        if (!turn.said().isBlank()) {
            return Texts.paragraphs(turn.said(), MAX_FIELD);
        }
        return turn.ended()
                ? "The agent ended the turn without a message."
                : "The turn ended without a closing message: it was interrupted, or its end was not recorded.";
    }
}
