package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened to each file over several changes, and the words for it. */
final class FileNotes {
    private static final int NAMES_SHOWN = 6;

    /** All changes of one file, merged. */
    static final class Note {
        final String file;
        FileChange.Mode mode;
        int added;
        int removed;
        final Set<String> addedNames = new LinkedHashSet<>();
        final Set<String> removedNames = new LinkedHashSet<>();
        final Set<String> touchedNames = new LinkedHashSet<>();

        Note(FileChange first) {
            file = first.file();
            mode = first.mode();
        }

        void merge(FileChange change) {
            boolean made = mode == FileChange.Mode.CREATED || mode == FileChange.Mode.WRITTEN;
            if (change.mode() == FileChange.Mode.DELETED || !made) {
                mode = change.mode();
            }
            added += change.added();
            removed += change.removed();
            for (String name : change.addedNames()) {
                if (!removedNames.remove(name)) {
                    addedNames.add(name);
                } else {
                    touchedNames.add(name);
                }
            }
            for (String name : change.removedNames()) {
                if (!addedNames.remove(name)) {
                    removedNames.add(name);
                }
            }
            for (String name : change.touchedNames()) {
                if (!addedNames.contains(name)) {
                    touchedNames.add(name);
                }
            }
        }

        /** {@code added a and b, changed c (+3 −1 lines)}; without a subject. */
        String doing() {
            List<String> parts = new ArrayList<>();
            part(parts, "added ", addedNames);
            part(parts, "removed ", removedNames);
            if (!isDocument()) {
                part(parts, "changed ", touchedNames);
            }
            return String.join(", ", parts);
        }

        private void part(List<String> parts, String verb, Set<String> names) {
            if (!names.isEmpty()) {
                parts.add(verb + named(names, NAMES_SHOWN));
            }
        }

        /** Names of code as they are, names of sections as sections. */
        String named(Set<String> names, int shown) {
            if (!isDocument()) {
                return Texts.list(List.copyOf(names), shown);
            }
            List<String> quoted = names.stream().map(Texts::quote).toList();
            return "the " + (names.size() == 1 ? "section " : "sections ") + Texts.list(quoted, shown);
        }

        private boolean isDocument() {
            return Concepts.ofFile(file).contains(Concept.DOCUMENTATION);
        }

        String lines() {
            return added + removed == 0 ? "" : "+" + added + " −" + removed + " lines";
        }

        /** A sentence that stands for itself, without its full stop. */
        String sentence() {
            String size = added == 0 ? "" : " (" + Texts.count(added, "line") + ")";
            String defines =
                    addedNames.isEmpty() ? "" : ", defining " + Texts.list(List.copyOf(addedNames), NAMES_SHOWN);
            return switch (mode) {
                case CREATED -> file + " was created" + size + defines;
                case WRITTEN -> file + " was written" + size + defines;
                case DELETED -> file + " was deleted";
                case CHANGED -> changed();
            };
        }

        private String changed() {
            String doing = doing();
            String lines = lines();
            if (doing.isEmpty()) {
                return file + " was changed" + (lines.isEmpty() ? "" : " (" + lines + ")");
            }
            return file + ": " + doing + (lines.isEmpty() ? "" : " (" + lines + ")");
        }
    }

    private final Map<String, Note> notes = new LinkedHashMap<>();

    static FileNotes of(Collection<ToolCall> calls) {
        FileNotes all = new FileNotes();
        for (ToolCall call : calls) {
            for (FileChange change : call.changes()) {
                all.notes
                        .computeIfAbsent(change.file(), file -> new Note(change))
                        .merge(change);
            }
        }
        return all;
    }

    List<Note> all() {
        return List.copyOf(notes.values());
    }

    boolean isEmpty() {
        return notes.isEmpty();
    }

    List<String> files() {
        return List.copyOf(notes.keySet());
    }

    /** File names without their directories, the ones that are not tests first. */
    List<String> shortNames() {
        Set<String> names = new LinkedHashSet<>();
        notes.keySet().stream().filter(f -> !Concepts.isTest(f)).forEach(f -> names.add(Texts.fileName(f)));
        notes.keySet().stream().filter(Concepts::isTest).forEach(f -> names.add(Texts.fileName(f)));
        return List.copyOf(names);
    }

    /** What was newly defined outside of tests and documents. */
    List<String> addedNames() {
        return named(true);
    }

    /** What was changed within, outside of tests and documents. */
    List<String> touchedNames() {
        return named(false);
    }

    private List<String> named(boolean added) {
        Set<String> names = new LinkedHashSet<>();
        for (Note note : notes.values()) {
            if (!Concepts.isTest(note.file) && !Concepts.ofFile(note.file).contains(Concept.DOCUMENTATION)) {
                names.addAll(added ? note.addedNames : note.touchedNames);
            }
        }
        // What others may use tells more than what is internal.
        List<String> ordered = new ArrayList<>(names);
        ordered.sort(Comparator.comparing(name -> name.startsWith("_")));
        return ordered;
    }

    /** The deepest directory that holds all files; empty when they share none. */
    String directory() {
        String shared = null;
        for (String file : notes.keySet()) {
            String directory = Texts.directory(file);
            shared = shared == null ? directory : common(shared, directory);
        }
        return shared == null ? "" : shared;
    }

    private static String common(String a, String b) {
        String shorter = a;
        while (!shorter.isEmpty() && !b.equals(shorter) && !b.startsWith(shorter + "/")) {
            shorter = Texts.directory(shorter);
        }
        return shorter;
    }
}
