package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The passage of a message that says explicitly what remains. */
final class NextSteps {
    private static final int MAX_STEPS = 8;
    private static final int MAX_STEP = 200;
    private static final Pattern HEADING = Pattern.compile(
            "^[#*_\\s]{0,8}(?:next steps?|to-?do|remaining(?: work| steps)?|follow-?ups?|still (?:to do|open|missing)|open (?:items|points)"
                    + "|what(?:'|’)s (?:left|next)|not done(?: yet)?|下一步|后续步骤|待办|次のステップ|残りの作業|今後の作業|다음 단계|남은 작업)"
                    + "[*_\\s]{0,4}(?:[:：]\\s{0,4}|$)(.{0,400})",
            Pattern.CASE_INSENSITIVE);

    private NextSteps() {}

    /** The steps as the message words them, at most eight; empty when it names none. */
    static List<String> in(String said) {
        List<String> steps = new ArrayList<>();
        boolean inside = false;
        for (String line : Markdown.lines(said)) {
            String text = line.strip();
            var heading = HEADING.matcher(text.substring(0, Math.min(text.length(), 500)));
            if (heading.find()) {
                inside = true;
                String rest = heading.group(1).replace("**", "").strip();
                inside = add(steps, rest) || inside;
                continue;
            }
            if (!inside || (text.isEmpty() && steps.isEmpty())) {
                continue;
            }
            if (text.isEmpty() || Markdown.isHeading(text) || steps.size() >= MAX_STEPS) {
                break;
            }
            add(steps, Markdown.isPoint(text) ? Markdown.point(text) : Markdown.inline(text));
        }
        return steps;
    }

    private static boolean add(List<String> steps, String text) {
        if (text.length() > 2) {
            steps.add(Texts.oneLine(text, MAX_STEP));
        }
        return true;
    }
}
