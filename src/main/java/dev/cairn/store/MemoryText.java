package dev.cairn.store;

import dev.cairn.model.CommandRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What of a memory is searched, beside its title. */
final class MemoryText {
    private MemoryText() {}

    static String observation(
            @Nullable String narrative,
            List<String> facts,
            List<CommandRun> commands,
            List<String> concepts,
            List<String> files) {
        List<String> lines = new ArrayList<>();
        add(lines, narrative);
        for (String fact : facts) {
            // What the narrative says word for word would count twice in the ranking, and show twice in a snippet.
            if (narrative == null || !narrative.contains(fact)) {
                lines.add(fact);
            }
        }
        for (CommandRun run : commands) {
            lines.add(run.outcome() == null ? run.command() : run.command() + " (" + run.outcome() + ")");
        }
        add(lines, String.join(", ", concepts));
        lines.addAll(files);
        return String.join("\n", lines);
    }

    /** The parts that are there, each on lines of its own. */
    static String summary(@Nullable String... parts) {
        List<String> lines = new ArrayList<>();
        for (String part : parts) {
            add(lines, part);
        }
        return String.join("\n", lines);
    }

    static List<String> union(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).distinct().toList();
    }

    private static void add(List<String> lines, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            lines.add(text);
        }
    }
}
