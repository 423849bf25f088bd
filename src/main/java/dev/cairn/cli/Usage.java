package dev.cairn.cli;

import java.util.ArrayList;
import java.util.List;

/** A command's help, made of its annotations. */
final class Usage {
    private static final int COLUMN = 26;

    private Usage() {}

    /** One line: how it is called. */
    static String synopsis(WorkerCommand command) {
        Arguments arguments = new Arguments(command);
        StringBuilder line = new StringBuilder("cairn ").append(name(command)).append(" [OPTIONS]");
        for (Arguments.Placed placed : arguments.places()) {
            String label = placed.parameters().paramLabel() + (placed.field().getType() == List.class ? "..." : "");
            line.append(' ').append(placed.parameters().required() ? label : "[" + label + "]");
        }
        return line.toString();
    }

    static String help(WorkerCommand command, Terminal terminal) {
        Arguments arguments = new Arguments(command);
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("Usage:") + " " + synopsis(command));
        lines.addAll(List.of(annotation(command).description()));
        if (!arguments.places().isEmpty()) {
            lines.add("");
        }
        for (Arguments.Placed placed : arguments.places()) {
            lines.add(
                    entry(placed.parameters().paramLabel(), placed.parameters().description()));
        }
        lines.add("");
        for (Arguments.Named named : arguments.options()) {
            String names = String.join(", ", named.option().names());
            String label = Arguments.isFlag(named.field())
                    ? names
                    : names + " " + named.option().paramLabel();
            String must = named.option().required() ? " Required." : "";
            lines.add(entry(label, named.option().description() + must));
        }
        lines.add(entry("-h, --help", "This help."));
        return String.join("\n", lines) + "\n";
    }

    private static String entry(String label, String description) {
        String gap = label.length() < COLUMN ? " ".repeat(COLUMN - label.length()) : "\n" + " ".repeat(COLUMN + 2);
        return "  " + label + gap + description;
    }

    static String name(WorkerCommand command) {
        return annotation(command).name();
    }

    private static Command annotation(WorkerCommand command) {
        Command annotation = command.getClass().getAnnotation(Command.class);
        if (annotation == null) {
            throw new IllegalStateException(command.getClass() + " has no @Command");
        }
        return annotation;
    }
}
