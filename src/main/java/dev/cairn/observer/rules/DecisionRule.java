package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Decisions: plans put before the user, questions answered, and what the last message says was decided. */
final class DecisionRule {
    private static final int MAX_SENTENCES = 4;
    private static final Pattern DECIDED = Pattern.compile(
            "\\b(?:decided (?:to|on|against|not to)|decision: |(?:i|we) (?:went|chose to go) with|(?:i|we) chose|opted (?:for|to))\\b?"
                    + "|决定|決定し|採用し|选择了|결정했",
            Pattern.CASE_INSENSITIVE);

    private DecisionRule() {}

    /** The plan's or the answered question's observation. */
    static Draft ofCall(Turn turn, int position, ToolCall call) {
        return call.kind() == ToolKind.PLAN ? plan(turn, position, call) : answer(turn, position, call);
    }

    /** The first line of a plan. */
    static String heading(ToolCall plan) {
        for (String line : Markdown.lines(plan.subject())) {
            if (!line.isBlank()) {
                return Texts.oneLine(line.replace("#", "").replace("**", ""), 70);
            }
        }
        return "";
    }

    private static Draft plan(Turn turn, int position, ToolCall call) {
        boolean refused = call.failed();
        Draft draft = new Draft(position)
                .type("decision")
                .title((refused ? "Plan not accepted: " : "Plan accepted: ") + heading(call))
                .subtitle(turn.askedShort())
                .concepts(Concepts.ofWords(turn.request()))
                .use(call)
                .tell(turn.asked(200))
                .tell("The agent put a plan before the user, who " + (refused ? "did not accept it" : "accepted it"));
        List<String> points = Markdown.points(call.subject(), 15);
        for (String point : points) {
            draft.fact("Part of the plan: " + Texts.quote(point));
        }
        if (points.isEmpty()) {
            draft.fact("The plan: " + Texts.quote(Texts.firstSentences(Markdown.plain(call.subject(), 1_000), 320)));
        }
        return draft;
    }

    private static Draft answer(Turn turn, int position, ToolCall call) {
        List<String> answers = new ArrayList<>();
        for (String line : call.answer().split("\n", 10)) {
            if (!line.isBlank()) {
                answers.add(line);
            }
        }
        int arrow = answers.get(0).indexOf(" → ");
        String title = arrow < 0
                ? "Answer: " + answers.get(0)
                : Texts.clip(answers.get(0).substring(0, arrow), 50) + " → "
                        + answers.get(0).substring(arrow + 3);
        Draft draft = new Draft(position)
                .type("decision")
                .title(title)
                .subtitle(turn.askedShort())
                .use(call)
                .tell(turn.asked(200))
                .tell("The agent asked the user, who answered");
        for (String answer : answers) {
            int at = answer.indexOf(" → ");
            draft.fact(
                    at < 0
                            ? "The user answered " + Texts.quote(answer)
                            : "To the question " + Texts.quote(answer.substring(0, at)) + " the user answered "
                                    + Texts.quote(answer.substring(at + 3)));
        }
        return draft;
    }

    /** Sentences of the last message that tell a decision. */
    static List<String> sentences(String said) {
        List<String> found = new ArrayList<>();
        for (String line : Markdown.lines(Markdown.plain(said, 8_000))) {
            for (String sentence : line.split("(?<=[.!?]) |(?<=。)", 60)) {
                boolean fits = sentence.length() > 15 && sentence.length() < 500;
                if (fits
                        && found.size() < MAX_SENTENCES
                        && DECIDED.matcher(sentence).find()) {
                    String bare = Markdown.isPoint(sentence) ? Markdown.point(sentence) : sentence.strip();
                    found.add(Texts.oneLine(bare, 280));
                }
            }
        }
        return found;
    }

    private static String withoutSpeaker(String sentence) {
        for (String speaker : List.of("I've ", "We've ", "I have ", "We have ", "I ", "We ")) {
            if (sentence.startsWith(speaker) && sentence.length() > speaker.length()) {
                String rest = sentence.substring(speaker.length());
                return Character.toUpperCase(rest.charAt(0)) + rest.substring(1);
            }
        }
        return sentence;
    }

    static Draft ofMessage(Turn turn, int position, List<String> sentences) {
        Draft draft = new Draft(position)
                .type("decision")
                .title(withoutSpeaker(sentences.get(0)))
                .subtitle(turn.askedShort())
                .concepts(Concepts.ofWords(String.join(" ", sentences)))
                .at(turn.saidAt())
                .tell(turn.asked(200))
                .tell("The agent's last message says: " + Texts.quote(String.join(" ", sentences)));
        for (String sentence : sentences) {
            draft.fact("The agent said: " + Texts.quote(sentence));
        }
        return draft;
    }
}
