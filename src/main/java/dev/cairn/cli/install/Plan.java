package dev.cairn.cli.install;

import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of files that belong together, in the order in which they are made: what must be there first comes first. Files and
 * directories it makes are for their owner alone; others keep their permissions.
 */
public final class Plan {
    private static final String HIDDEN = "(token)";

    private final List<Change> changes;
    private final List<Path> directories;
    private final List<String> notes;

    /**
     * @param changes those that change nothing are left out
     * @param directories removed at the end where nothing is in them
     * @param notes what people should know, one line each
     */
    public Plan(List<Change> changes, List<Path> directories, List<String> notes) {
        this.changes =
                changes.stream().filter(change -> !change.changesNothing()).toList();
        this.directories = directories.stream()
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList();
        this.notes = List.copyOf(notes);
    }

    /** Whether nothing is to be done. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    public List<String> notes() {
        return notes;
    }

    /**
     * The changes for people to read: files that come and go by name, others by their lines.
     *
     * @param secret never shown
     */
    public List<String> lines(@Nullable String secret) {
        List<String> lines = new ArrayList<>();
        for (Change change : changes) {
            String before = change.before();
            String after = change.after();
            if (before == null) {
                lines.add("create " + change.file());
            } else if (after == null) {
                lines.add("remove " + change.file());
            } else {
                lines.add("change " + change.file());
                for (String line : LineDiff.of(before, after)) {
                    lines.add("  " + (secret == null ? line : line.replace(secret, HIDDEN)));
                }
            }
        }
        return lines;
    }

    /** Makes all changes, or, when one fails, none. */
    public void apply() throws IOException {
        Deque<Change> done = new ArrayDeque<>();
        List<Path> made = new ArrayList<>();
        try {
            for (Change change : changes) {
                List<Path> missing = change.after() == null ? List.of() : missing(change.file());
                if (!missing.isEmpty()) {
                    made.addAll(0, missing);
                    OwnerOnly.directory(missing.get(0));
                }
                change.apply();
                done.push(change);
            }
        } catch (IOException | RuntimeException e) {
            undo(done, made, e);
            throw e;
        }
        remove(directories);
    }

    /** The directories above a file that are not there, the deepest first. */
    static List<Path> missing(Path file) {
        List<Path> missing = new ArrayList<>();
        for (Path above = file.toAbsolutePath().getParent();
                above != null && !Files.exists(above);
                above = above.getParent()) {
            missing.add(above);
        }
        return missing;
    }

    private static void undo(Deque<Change> done, List<Path> made, Exception why) {
        try {
            for (Change change : done) {
                change.reversed().apply();
            }
            remove(made);
        } catch (IOException | RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    /** What is gone already, or has somebody else's things in it, is passed over. */
    private static void remove(List<Path> directories) throws IOException {
        for (Path directory : directories) {
            if (isEmpty(directory)) {
                Files.delete(directory);
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(directory)) {
            return !inside.iterator().hasNext();
        }
    }
}
