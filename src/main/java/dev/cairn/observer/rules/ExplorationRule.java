package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads and searches make one observation when there is something in them to remember. */
final class ExplorationRule {
    private ExplorationRule() {}

    static Draft draft(Turn turn, int position, List<ToolCall> looks, boolean concluded) {
        Draft draft = new Draft(position)
                .type(Intent.ASK.type())
                .title(title(turn, looks))
                .subtitle(turn.askedShort())
                .concept(Concept.HOW_IT_WORKS)
                .concepts(Concepts.ofWords(turn.request()))
                .useAll(looks);
        List<String> facts = Phrases.looks(turn, looks);
        int room = concluded ? 15 : 20;
        for (String fact : facts.subList(0, Math.min(room, facts.size()))) {
            draft.fact(fact);
        }
        draft.tell(turn.asked(200));
        List<String> read = draft.filesRead();
        if (!read.isEmpty()) {
            draft.tell(Texts.list(read, 5) + (read.size() == 1 ? " was read" : " were read"));
        }
        if (looks.size() == 1 && !turn.report(looks.get(0)).isEmpty()) {
            draft.tell("The sub-agent reported: " + Texts.quote(Texts.firstSentences(turn.report(looks.get(0)), 480)));
        }
        if (concluded && !turn.said().isBlank()) {
            draft.tell("The agent concluded: " + Texts.quote(Markdown.prose(turn.said(), 480)));
            for (String point : Markdown.points(turn.said(), 5)) {
                draft.fact("The agent concluded: " + Texts.quote(point));
            }
        }
        return draft;
    }

    private static String title(Turn turn, List<ToolCall> looks) {
        List<String> targets = new ArrayList<>();
        for (ToolCall look : looks) {
            if (look.kind() == ToolKind.READ && !look.failed()) {
                targets.addAll(look.files());
            }
        }
        if (targets.isEmpty()) {
            for (ToolCall look : looks) {
                if (look.kind() == ToolKind.DELEGATE) {
                    targets.add(Texts.clip(look.subject(), 50));
                } else if (!look.subject().isEmpty()) {
                    targets.add(Texts.quote(Texts.clip(look.subject().replace('/', '∕'), 40)));
                } else if (look.command() != null) {
                    targets.add(Titles.commandOf(look, 40).replace('/', '∕'));
                }
            }
        }
        if (looks.size() == 1 && looks.get(0).kind() == ToolKind.DELEGATE) {
            return "Sub-agent's report on "
                    + Texts.quote(Texts.clip(looks.get(0).subject(), 60));
        }
        return Titles.exploration(turn.request(), targets);
    }

    /** Different things that were looked at, but for those in {@code known}. */
    static Set<String> targets(List<ToolCall> looks, Set<String> known) {
        Set<String> targets = new LinkedHashSet<>();
        for (ToolCall look : looks) {
            if (look.failed() || look.command() != null) {
                continue;
            }
            if (look.kind() == ToolKind.READ) {
                targets.addAll(look.files());
            } else if (!look.subject().isEmpty()) {
                targets.add(look.kind() + " " + look.subject());
            }
        }
        targets.removeAll(known);
        return targets;
    }
}
