package dev.cairn.observer.rules;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What commit messages say. */
final class CommitMessages {
    private static final int MAX_SUBJECT = 120;

    private CommitMessages() {}

    /** The first line of the message in the words after {@code git}; null when none is given there. */
    static @Nullable String subject(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String message = null;
            boolean flag =
                    word.equals("--message") || (word.startsWith("-") && !word.startsWith("--") && word.endsWith("m"));
            if (flag && i + 1 < words.size()) {
                message = words.get(i + 1);
            } else if (word.startsWith("--message=")) {
                message = word.substring("--message=".length());
            }
            if (message != null) {
                return firstLine(message);
            }
        }
        return null;
    }

    private static @Nullable String firstLine(String message) {
        String text = message;
        int hereDocument = text.indexOf("<<");
        if (text.startsWith("$(") && hereDocument > 0) {
            // -m "$(cat <<'EOF' … EOF)": the message begins on the next line.
            int newline = text.indexOf('\n');
            text = newline < 0 ? "" : text.substring(newline + 1);
        }
        for (String line : text.split("\n", 20)) {
            if (!line.isBlank()) {
                return Texts.oneLine(line, MAX_SUBJECT);
            }
        }
        return null;
    }

    /** The type of observation that a subject stands for; null when it does not say. */
    static @Nullable String type(String subject) {
        String lower = subject.toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < lower.length() && Character.isLetter(lower.charAt(end))) {
            end++;
        }
        String word = lower.substring(0, end);
        return switch (word) {
            case "feat", "feature", "add", "adds", "added", "implement", "implements", "introduce", "support" ->
                "feature";
            case "fix", "fixes", "fixed", "bugfix", "hotfix", "repair", "correct" -> "bugfix";
            case "refactor", "rename", "extract", "move", "simplify", "restructure", "cleanup", "clean" -> "refactor";
            case "docs", "chore", "test", "tests", "build", "ci", "style", "perf", "bump", "update", "remove" ->
                "change";
            default -> null;
        };
    }

    /** The subject without a conventional prefix such as {@code fix(cart):}, its first letter large. */
    static String title(String subject) {
        int colon = subject.indexOf(": ");
        boolean prefixed =
                colon > 0 && colon < 30 && subject.substring(0, colon).matches("[a-z]{2,12}(\\([^)]{1,20}\\))?!?");
        String plain = prefixed ? subject.substring(colon + 2).strip() : subject;
        return plain.isEmpty() ? subject : Character.toUpperCase(plain.charAt(0)) + plain.substring(1);
    }
}
