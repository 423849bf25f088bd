package dev.cairn.observer.rules;

import java.util.List;

/** Commands that belong to no change: what was run, and how it ended. */
final class CommandRule {
    private CommandRule() {}

    /** Commands that failed and stayed so. */
    static Draft failures(Turn turn, int position, List<ToolCall> calls) {
        ToolCall first = calls.get(0);
        String more = calls.size() == 1 ? "" : " and " + Texts.count(calls.size() - 1, "other command");
        CommandOutcome outcome = first.outcome();
        String error = outcome == null ? "" : outcome.error();
        String how = outcome == null ? "failed" : verb(outcome);
        String title = Titles.commandOf(first, 46) + more + " " + how;
        Draft draft = new Draft(position)
                .type(Intent.ASK.type())
                .title(error.isEmpty() || calls.size() > 1 ? title : title + ": " + error)
                .subtitle(turn.askedShort())
                .concept(Concept.ERROR_HANDLING)
                .useAll(calls)
                .tell(turn.asked(200));
        for (ToolCall call : calls) {
            draft.fact(Phrases.failure(call));
        }
        draft.tell(Phrases.failure(first));
        draft.tell("Nothing in the turn shows that it was solved");
        return draft;
    }

    private static String verb(CommandOutcome outcome) {
        return switch (outcome.words()) {
            case "interrupted" -> "was interrupted";
            case "timed out" -> "timed out";
            case "failed" -> "failed";
            default -> "failed (" + outcome.words() + ")";
        };
    }

    /** Commands of a turn without changes. */
    static Draft runs(Turn turn, int position, List<ToolCall> calls) {
        ToolCall main = calls.get(0);
        for (ToolCall call : calls) {
            main = call.purpose().compareTo(main.purpose()) < 0 ? call : main;
        }
        Draft draft = new Draft(position)
                .type(type(main))
                .title(title(main))
                .subtitle(turn.askedShort())
                .useAll(calls)
                .tell(turn.asked(200));
        if (main.purpose() == CommandPurpose.INSTALL || main.is(CommandPurpose.COMMIT)) {
            draft.concept(Concept.WHAT_CHANGED);
        }
        for (ToolCall call : calls) {
            String commit = Phrases.commit(call);
            draft.fact(commit.isEmpty() ? Phrases.outcome(call) : commit);
        }
        String commit = Phrases.commit(main);
        draft.tell(commit.isEmpty() ? Phrases.outcome(main) : commit);
        if (calls.size() > 1) {
            draft.tell("In all, " + Texts.count(calls.size(), "command") + " of this kind were run");
        }
        return draft;
    }

    private static String type(ToolCall main) {
        CommandLine command = main.command();
        if (command != null && command.commitSubject() != null && main.is(CommandPurpose.COMMIT)) {
            String type = CommitMessages.type(command.commitSubject());
            return type == null ? Intent.OTHER.type() : type;
        }
        return switch (main.purpose()) {
            case TEST, BUILD, CHECK, RUN, LOOK -> Intent.ASK.type();
            case COMMIT, INSTALL, GIT, FILES -> Intent.OTHER.type();
        };
    }

    private static String title(ToolCall main) {
        CommandLine command = main.command();
        if (command != null && command.commitSubject() != null && main.is(CommandPurpose.COMMIT)) {
            return "Committed: " + CommitMessages.title(command.commitSubject());
        }
        CommandOutcome outcome = main.outcome();
        String result = outcome != null && outcome.report() != null
                ? ": " + outcome.report().words()
                : "";
        return switch (main.purpose()) {
            case TEST, BUILD, CHECK -> Titles.commandOf(main, 60) + (main.failed() ? " failed" : " passed") + result;
            default -> "Ran " + Titles.commandOf(main, 76);
        };
    }
}
