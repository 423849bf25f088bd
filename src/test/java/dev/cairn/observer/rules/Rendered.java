package dev.cairn.observer.rules;

import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.model.CommandRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an observer made, as text to read and to compare. */
final class Rendered {
    private final StringBuilder out = new StringBuilder();

    private Rendered() {}

    static String text(TurnRules.Made observed) {
        Rendered rendered = new Rendered();
        observed.observations().forEach(rendered::observation);
        if (observed.summary() != null) {
            rendered.summary(observed.summary());
        }
        return rendered.out.toString();
    }

    private void observation(NewObservation o) {
        out.append('[').append(o.type()).append("] ").append(o.title()).append('\n');
        line("subtitle", o.subtitle());
        line("narrative", o.narrative());
        o.facts().forEach(fact -> out.append("  - ").append(fact).append('\n'));
        list("concepts", o.concepts());
        list("files read", o.filesRead());
        list("files modified", o.filesModified());
        for (CommandRun run : o.commands()) {
            line("command", run.command() + " -> " + run.outcome());
        }
        line("tool uses", o.toolUseIds().toString());
        out.append('\n');
    }

    private void summary(NewSummary s) {
        out.append("Summary\n");
        line("request", s.request());
        line("investigated", s.investigated());
        line("completed", s.completed());
        line("learned", s.learned());
        line("next steps", s.nextSteps());
        line("notes", s.notes());
        list("files read", s.filesRead());
        list("files modified", s.filesModified());
    }

    private void list(String name, List<String> items) {
        line(name, items.isEmpty() ? null : String.join(", ", items));
    }

    private void line(String name, @Nullable String value) {
        if (value != null) {
            out.append("  ")
                    .append(name)
                    .append(": ")
                    .append(value.replace("\n", "\n    "))
                    .append('\n');
        }
    }
}
