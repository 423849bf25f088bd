package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Edits for one purpose make one observation. */
final class ChangeRule {
    private ChangeRule() {}

    /**
     * @param position of the first edit
     * @param edits at least one
     * @param commit the commit that closed the work; null when there was none
     */
    static Draft draft(Turn turn, int position, List<ToolCall> edits, @Nullable ToolCall commit) {
        FileNotes notes = FileNotes.of(edits);
        String subject = commit == null || commit.command() == null
                ? null
                : commit.command().commitSubject();
        Draft draft = new Draft(position)
                .type(type(turn, notes, subject))
                .title(subject == null ? Titles.change(notes) : CommitMessages.title(subject))
                .subtitle(turn.askedShort())
                .concept(Concept.WHAT_CHANGED)
                .concepts(Concepts.ofWords(turn.request()))
                .useAll(edits);
        if (draft.type().equals(Intent.FIX.type())) {
            draft.concept(Concept.PROBLEM_SOLUTION);
        }
        List<FileNotes.Note> all = notes.all();
        int shown = all.size() > 14 ? 13 : all.size();
        for (FileNotes.Note note : all.subList(0, shown)) {
            draft.fact(note.sentence());
        }
        if (shown < all.size()) {
            draft.fact((all.size() - shown) + " more files were changed: "
                    + Texts.list(notes.files().subList(shown, all.size()), 10));
        }
        draft.tell(turn.asked(200));
        draft.tell(summary(all));
        return draft;
    }

    private static String summary(List<FileNotes.Note> notes) {
        if (notes.size() == 1) {
            return notes.get(0).sentence();
        }
        List<String> created = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        List<String> deleted = new ArrayList<>();
        int added = 0;
        int removed = 0;
        for (FileNotes.Note note : notes) {
            List<String> group = switch (note.mode) {
                case CREATED, WRITTEN -> created;
                case CHANGED -> changed;
                case DELETED -> deleted;
            };
            group.add(note.file);
            added += note.added;
            removed += note.removed;
        }
        List<String> parts = new ArrayList<>();
        part(parts, created, notes.stream().anyMatch(n -> n.mode == FileChange.Mode.WRITTEN) ? "written" : "created");
        part(parts, changed, "changed");
        part(parts, deleted, "deleted");
        return String.join("; ", parts) + " (+" + added + " −" + removed + " lines in all)";
    }

    private static void part(List<String> parts, List<String> files, String verb) {
        if (!files.isEmpty()) {
            parts.add(Texts.list(files, 5) + (files.size() == 1 ? " was " : " were ") + verb);
        }
    }

    private static String type(Turn turn, FileNotes notes, @Nullable String subject) {
        String committed = subject == null ? null : CommitMessages.type(subject);
        if (committed != null) {
            return committed;
        }
        boolean documents = notes.files().stream().allMatch(f -> !isSource(f));
        if (documents) {
            return Intent.OTHER.type();
        }
        boolean adds = !notes.addedNames().isEmpty();
        return switch (turn.intent()) {
            case FIX -> Intent.FIX.type();
            case REFACTOR -> Intent.REFACTOR.type();
            case ADD -> adds ? Intent.ADD.type() : Intent.OTHER.type();
            case ASK, OTHER -> Intent.OTHER.type();
        };
    }

    private static boolean isSource(String file) {
        Set<Concept> concepts = Concepts.ofFile(file);
        boolean other = concepts.contains(Concept.DOCUMENTATION)
                || concepts.contains(Concept.CONFIGURATION)
                || concepts.contains(Concept.DEPENDENCIES);
        return !other && !Set.of("txt", "csv", "log", "").contains(Texts.extension(file));
    }
}
