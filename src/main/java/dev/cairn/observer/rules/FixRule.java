package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An error and its fix make one observation: what went wrong, what was changed, what proved it. */
final class FixRule {
    private FixRule() {}

    static Draft draft(Turn turn, ErrorFix fix) {
        FileNotes notes = FileNotes.of(fix.remedies());
        List<String> tests = failedTests(fix);
        String error = firstError(fix);
        Draft draft = new Draft(fix.position())
                .type(Intent.FIX.type())
                .title(Titles.fix(fix, notes, tests, error))
                .subtitle(error.isEmpty() ? turn.askedShort() : "The error was: " + Titles.bare(error))
                .concept(Concept.PROBLEM_SOLUTION)
                .useAll(fix.failures())
                .useAll(fix.looks())
                .useAll(fix.remedies())
                .useAll(fix.proofs());
        for (ToolCall failure : distinct(fix.failures())) {
            draft.fact(Phrases.failure(failure));
        }
        if (!tests.isEmpty()) {
            draft.fact("Failing before the fix: " + Texts.list(tests, 6));
        }
        for (FileNotes.Note note : notes.all()) {
            draft.fact(note.sentence());
        }
        for (ToolCall remedy : fix.remedies()) {
            if (!remedy.changesFiles()) {
                draft.fact(Phrases.success(remedy));
            }
        }
        for (ToolCall proof : fix.proofs()) {
            draft.fact(Phrases.success(proof));
        }
        return tell(draft, turn, fix, notes);
    }

    private static Draft tell(Draft draft, Turn turn, ErrorFix fix, FileNotes notes) {
        draft.tell(turn.asked(200));
        draft.tell(Phrases.failure(fix.failures().get(0)));
        List<String> remedies = new ArrayList<>();
        for (FileNotes.Note note : notes.all()) {
            remedies.add(note.file);
        }
        for (ToolCall remedy : fix.remedies()) {
            if (!remedy.changesFiles()) {
                remedies.add(Titles.commandOf(remedy, 60));
            }
        }
        String proof = Phrases.success(fix.proofs().get(0));
        boolean files = !notes.isEmpty();
        draft.tell("After " + (files ? "changes to " : "") + Texts.list(remedies, 4) + ", " + proof);
        if (fix.failures().size() > 1) {
            draft.tell("Before that, " + fix.failures().size() + " runs had failed");
        }
        return draft;
    }

    /** One line for the summary: the error and what made it go. */
    static String learned(ErrorFix fix) {
        FileNotes notes = FileNotes.of(fix.remedies());
        List<String> remedies = new ArrayList<>(notes.shortNames());
        for (ToolCall remedy : fix.remedies()) {
            if (!remedy.changesFiles()) {
                remedies.add(Titles.commandOf(remedy, 60));
            }
        }
        String after = (notes.isEmpty() ? "after " : "after changes to ") + Texts.list(remedies, 3);
        String passed = Titles.commandOf(fix.proofs().get(0), 100);
        boolean same = passed.equals(Titles.commandOf(fix.failures().get(0), 100));
        return Phrases.failure(fix.failures().get(0)) + ", and " + (same ? "" : passed + " ") + "passed " + after;
    }

    private static List<String> failedTests(ErrorFix fix) {
        Set<String> tests = new LinkedHashSet<>();
        for (ToolCall failure : fix.failures()) {
            if (failure.outcome() != null) {
                tests.addAll(failure.outcome().failedTests());
            }
        }
        return List.copyOf(tests);
    }

    private static String firstError(ErrorFix fix) {
        CommandOutcome outcome = fix.failures().get(0).outcome();
        return outcome == null ? "" : outcome.error();
    }

    /** Failures that tell something new: the same error twice is told once. */
    private static List<ToolCall> distinct(List<ToolCall> failures) {
        Set<String> told = new LinkedHashSet<>();
        List<ToolCall> distinct = new ArrayList<>();
        for (ToolCall failure : failures) {
            if (told.add(Phrases.failure(failure)) && distinct.size() < 6) {
                distinct.add(failure);
            }
        }
        return distinct;
    }
}
