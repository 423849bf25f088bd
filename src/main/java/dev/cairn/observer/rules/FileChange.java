package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one tool use did to one file.
 *
 * @param file the path as it is shown
 * @param added lines that are there now and were not before
 * @param removed lines that were there and are gone
 * @param addedNames what is defined now and was not before
 * @param removedNames what was defined and is gone
 * @param touchedNames what was defined before and after, around the change
 * @param concepts what the added words speak of
 */
record FileChange(
        String file,
        Mode mode,
        int added,
        int removed,
        List<String> addedNames,
        List<String> removedNames,
        List<String> touchedNames,
        Set<Concept> concepts) {
    enum Mode {
        CREATED,
        /** Written as a whole; whether it was there before is not known. */
        WRITTEN,
        CHANGED,
        DELETED
    }

    private static final int MAX_LINES = 20_000;

    /** A change from one text to another. */
    static FileChange of(String file, Mode mode, String before, String after) {
        Map<String, Integer> lines = new HashMap<>();
        int removed = countLines(before, lines, 1);
        int both = removed;
        int total = countLines(after, lines, -1);
        int added = 0;
        removed = 0;
        for (int left : lines.values()) {
            added += left < 0 ? -left : 0;
            removed += left > 0 ? left : 0;
        }
        if (both == 0) {
            added = total;
        }
        Set<String> old = Symbols.in(file, before);
        Set<String> now = Symbols.in(file, after);
        return new FileChange(
                file,
                mode,
                added,
                removed,
                minus(now, old),
                minus(old, now),
                both(now, old),
                Concepts.ofAddedText(file, before, after));
    }

    private static int countLines(String text, Map<String, Integer> lines, int step) {
        int count = 0;
        int start = 0;
        while (start < text.length() && count < MAX_LINES) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end).strip();
            if (!line.isEmpty()) {
                lines.merge(line, step, Integer::sum);
            }
            count++;
            start = end + 1;
        }
        return count;
    }

    private static List<String> minus(Set<String> names, Set<String> others) {
        Set<String> rest = new LinkedHashSet<>(names);
        rest.removeAll(others);
        return new ArrayList<>(rest);
    }

    private static List<String> both(Set<String> names, Set<String> others) {
        Set<String> rest = new LinkedHashSet<>(names);
        rest.retainAll(others);
        return new ArrayList<>(rest);
    }
}
