package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;

/** Titles that name the thing: the file, the symbol, the command. */
final class Titles {
    private Titles() {}

    static String change(FileNotes notes) {
        List<FileNotes.Note> all = notes.all();
        List<String> names = notes.shortNames();
        if (all.size() == 1) {
            return one(all.get(0));
        }
        List<String> added = notes.addedNames();
        if (!added.isEmpty()) {
            return fit("Added " + Texts.list(added, 2), names);
        }
        List<String> touched = notes.touchedNames();
        if (!touched.isEmpty()) {
            return fit("Changed " + Texts.list(touched, 2), names);
        }
        boolean created = all.stream().allMatch(n -> n.mode == FileChange.Mode.CREATED);
        boolean deleted = all.stream().allMatch(n -> n.mode == FileChange.Mode.DELETED);
        String verb = created ? "Created " : deleted ? "Deleted " : "Changed ";
        String directory = notes.directory();
        String place = directory.isEmpty() ? "" : " in " + directory;
        for (int shown = 4; shown > 0; shown--) {
            String title = verb + Texts.list(names, shown) + place;
            if (title.length() <= Draft.MAX_TITLE) {
                return title;
            }
        }
        return verb + Texts.count(all.size(), "file") + place;
    }

    private static String one(FileNotes.Note note) {
        String file = Texts.fileName(note.file);
        String path = note.file.length() <= 60 ? note.file : file;
        String added = note.named(note.addedNames, 2);
        return switch (note.mode) {
            case CREATED -> "Created " + path + (added.isEmpty() ? "" : " with " + added);
            case WRITTEN -> "Wrote " + path + (added.isEmpty() ? "" : " with " + added);
            case DELETED -> "Deleted " + path;
            case CHANGED -> {
                if (!note.addedNames.isEmpty()) {
                    yield "Added " + added + " to " + file;
                }
                if (!note.touchedNames.isEmpty()) {
                    yield "Changed " + note.named(note.touchedNames, 2) + " in " + file;
                }
                if (!note.removedNames.isEmpty()) {
                    yield "Removed " + note.named(note.removedNames, 2) + " from " + file;
                }
                yield "Changed " + path + (note.lines().isEmpty() ? "" : " (" + note.lines() + ")");
            }
        };
    }

    static String fix(ErrorFix fix, FileNotes notes, List<String> failedTests, String error) {
        List<String> names = notes.shortNames();
        if (!failedTests.isEmpty()) {
            return fit("Fixed " + Texts.list(failedTests, 1), names);
        }
        if (error.isEmpty()) {
            return fit("Fixed " + commandOf(fix.failures().get(0), 60), names);
        }
        return fit("Fixed " + Texts.quote(Texts.clip(bare(error), names.isEmpty() ? 80 : 52)), names);
    }

    /** An error without a first word that says only that it is one. */
    static String bare(String error) {
        return error.startsWith("Error: ") ? error.substring("Error: ".length()) : error;
    }

    /** A text with as many file names in brackets as fit. */
    private static String fit(String text, List<String> names) {
        for (int shown = 3; shown > 0; shown--) {
            String title = text + " (" + Texts.list(names, shown) + ")";
            if (!names.isEmpty() && title.length() <= Draft.MAX_TITLE) {
                return title;
            }
        }
        return text;
    }

    static String exploration(String request, List<String> targets) {
        List<String> names = new ArrayList<>();
        for (String target : targets) {
            String name = Texts.fileName(target);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        if (Intent.isQuestion(request) && request.length() <= 80) {
            return fit(request, names);
        }
        for (int shown = 4; shown > 0; shown--) {
            String title = "Explored " + Texts.list(names, shown);
            if (title.length() <= Draft.MAX_TITLE) {
                return title;
            }
        }
        return "Explored " + Texts.count(names.size(), "place");
    }

    /** The command in backticks, at most {@code max} characters. */
    static String commandOf(ToolCall call, int max) {
        CommandLine command = call.command();
        return command == null ? call.tool() : Texts.code(Texts.clip(command.shown(), max));
    }
}
