package dev.cairn.observer.ask;

import dev.cairn.observer.rules.Texts;
import dev.cairn.observer.rules.TurnFacts;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words where JSON was asked for. They are of use when they name things that the records name. */
final class Prose {
    private static final int LEAST = 60;
    /** So many different names in common tell that it speaks of the work and not of the question. */
    private static final int NAMES_IN_COMMON = 2;

    private static final int MOST_NAMES = 500;
    /** Paths, file names, identifiers: what stands in records and hardly in small talk. */
    private static final Pattern NAME = Pattern.compile(
            "[\\p{L}\\p{N}_./-]{0,80}(?:[._/][\\p{L}\\p{N}]|[\\p{Ll}][\\p{Lu}])[\\p{L}\\p{N}_./-]{0,80}");

    private Prose() {}

    static boolean speaksOf(String text, String document) {
        if (text.length() < LEAST) {
            return false;
        }
        String records = document.toLowerCase(Locale.ROOT);
        Matcher names = NAME.matcher(text);
        java.util.Set<String> common = new java.util.HashSet<>();
        for (int i = 0; i < MOST_NAMES && names.find(); i++) {
            String name = trimmed(names.group()).toLowerCase(Locale.ROOT);
            if (name.length() >= 4 && records.contains(name)) {
                common.add(name);
            }
        }
        return common.size() >= NAMES_IN_COMMON;
    }

    private static String trimmed(String name) {
        int end = name.length();
        while (end > 0 && "./-".indexOf(name.charAt(end - 1)) >= 0) {
            end--;
        }
        return name.substring(0, end);
    }

    /** The words as one observation of all that was told. */
    static TurnFacts.Words observation(String text, List<Long> toolUseIds) {
        String plain = text.replaceAll("(?m)^[#>*\\s-]+", "").replace("**", "").replace("`", "");
        return new TurnFacts.Words(
                AnswerReader.NEUTRAL,
                Texts.firstSentences(plain, 90),
                null,
                Texts.paragraphs(plain, 1_500),
                List.of(),
                List.of(),
                toolUseIds);
    }
}
