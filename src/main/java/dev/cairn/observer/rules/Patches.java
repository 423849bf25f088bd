package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;

/** Reads patches: unified diffs and the {@code *** Begin Patch} form. Lines that fit neither are passed over. */
final class Patches {
    private static final int MAX_FILES = 60;
    private static final int MAX_LINES = 20_000;

    private final ProjectPaths paths;
    private final boolean unified;
    private final List<FileChange> changes = new ArrayList<>();
    private final StringBuilder before = new StringBuilder();
    private final StringBuilder after = new StringBuilder();
    private String file = "";
    private FileChange.Mode mode = FileChange.Mode.CHANGED;

    private Patches(ProjectPaths paths, boolean unified) {
        this.paths = paths;
        this.unified = unified;
    }

    static List<FileChange> read(String patch, ProjectPaths paths) {
        Patches reader = new Patches(paths, !patch.contains("*** Begin Patch"));
        int start = 0;
        for (int lines = 0; start < patch.length() && lines < MAX_LINES; lines++) {
            int end = patch.indexOf('\n', start);
            end = end < 0 ? patch.length() : end;
            reader.line(patch.substring(start, end));
            start = end + 1;
        }
        reader.finish();
        return reader.changes;
    }

    private void line(String line) {
        if (line.startsWith("*** Update File: ")) {
            begin(line.substring("*** Update File: ".length()), FileChange.Mode.CHANGED);
        } else if (line.startsWith("*** Add File: ")) {
            begin(line.substring("*** Add File: ".length()), FileChange.Mode.CREATED);
        } else if (line.startsWith("*** Delete File: ")) {
            begin(line.substring("*** Delete File: ".length()), FileChange.Mode.DELETED);
        } else if (unified && line.startsWith("--- ")) {
            begin(stripPrefix(line.substring(4)), FileChange.Mode.CHANGED);
        } else if (unified && line.startsWith("+++ ") && before.isEmpty() && after.isEmpty()) {
            String target = stripPrefix(line.substring(4));
            if (file.equals("/dev/null")) {
                mode = FileChange.Mode.CREATED;
                file = paths.show(target);
            } else if (target.equals("/dev/null")) {
                mode = FileChange.Mode.DELETED;
            }
        } else if (line.startsWith("***") || line.startsWith("diff ") || line.startsWith("@@")) {
            return;
        } else if (line.startsWith("+")) {
            after.append(line, 1, line.length()).append('\n');
        } else if (line.startsWith("-")) {
            before.append(line, 1, line.length()).append('\n');
        } else if (line.startsWith(" ")) {
            before.append(line, 1, line.length()).append('\n');
            after.append(line, 1, line.length()).append('\n');
        }
    }

    private static String stripPrefix(String path) {
        int tab = path.indexOf('\t');
        String clean = (tab >= 0 ? path.substring(0, tab) : path).strip();
        return clean.startsWith("a/") || clean.startsWith("b/") ? clean.substring(2) : clean;
    }

    private void begin(String path, FileChange.Mode how) {
        finish();
        file = paths.show(path);
        mode = how;
    }

    private void finish() {
        if (!file.isEmpty() && changes.size() < MAX_FILES) {
            changes.add(FileChange.of(file, mode, before.toString(), after.toString()));
        }
        file = "";
        before.setLength(0);
        after.setLength(0);
    }
}
