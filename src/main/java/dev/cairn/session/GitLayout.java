package dev.cairn.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds what repository a directory is of, by reading what git keeps there; git is not started. A worktree belongs to the
 * root of its main repository, a submodule to that of the outermost superproject, the worktrees of a bare repository to
 * that repository. Reads files; not for an event loop.
 */
final class GitLayout {
    private static final int SMALL_FILE = 8 * 1024;
    private static final String GITDIR = "gitdir:";

    /**
     * @param top the nearest directory that git would call the top of the working tree
     * @param root what the project is named by: the main repository's top
     */
    record Repository(Path top, Path root) {}

    private GitLayout() {}

    /** The repository that {@code directory} is in; null when there is none. */
    static @Nullable Repository find(Path directory) {
        for (Path at = directory; at != null; at = at.getParent()) {
            Path git = at.resolve(".git");
            if (Files.isDirectory(git)) {
                return new Repository(at, at);
            }
            if (Files.isRegularFile(git)) {
                return new Repository(at, rootOfLink(at, git));
            }
            if (isGitDirectory(at)) {
                return new Repository(at, rootOfGitDirectory(at));
            }
        }
        return null;
    }

    /** Where a file {@code .git} leads; the directory it is in when it leads nowhere. */
    private static Path rootOfLink(Path top, Path link) {
        Path gitDir = target(top, readLine(link), GITDIR);
        if (gitDir == null || !Files.isDirectory(gitDir)) {
            return top;
        }
        Path common = target(gitDir, readLine(gitDir.resolve("commondir")), "");
        if (common != null && !Files.isDirectory(common)) {
            return top;
        }
        Path owner = common == null ? gitDir : common;
        Path enclosing = enclosing(owner);
        if (enclosing != null) {
            return rootOfGitDirectory(enclosing);
        }
        // Neither a worktree nor a submodule: the repository's own directory was put elsewhere.
        return common == null ? top : rootOfGitDirectory(common);
    }

    /** The outermost git directory that keeps this one among its {@code modules}; null when none does. */
    private static @Nullable Path enclosing(Path gitDir) {
        Path outermost = null;
        for (Path at = gitDir; at != null; at = at.getParent()) {
            Path parent = at.getParent();
            if (parent == null || at.getFileName() == null) {
                break;
            }
            if (at.getFileName().toString().equals("modules") && isEnclosing(parent)) {
                outermost = parent;
            }
        }
        if (outermost == null) {
            return null;
        }
        // The superproject's own working tree may be a worktree: .git/worktrees/NAME/modules/…
        Path common = target(outermost, readLine(outermost.resolve("commondir")), "");
        return common == null ? outermost : common;
    }

    private static boolean isEnclosing(Path directory) {
        return Files.isRegularFile(directory.resolve("HEAD"));
    }

    private static boolean isGitDirectory(Path directory) {
        return Files.isRegularFile(directory.resolve("HEAD"))
                && Files.isDirectory(directory.resolve("objects"))
                && Files.isDirectory(directory.resolve("refs"));
    }

    /** {@code project/.git} and {@code project/.bare} stand for {@code project}, {@code project.git} for itself. */
    private static Path rootOfGitDirectory(Path gitDir) {
        Path name = gitDir.getFileName();
        Path parent = gitDir.getParent();
        return name != null && parent != null && name.toString().startsWith(".") ? parent : gitDir;
    }

    private static @Nullable Path target(Path base, @Nullable String line, String prefix) {
        if (line == null || !line.startsWith(prefix)) {
            return null;
        }
        String path = line.substring(prefix.length()).strip();
        if (path.isEmpty()) {
            return null;
        }
        try {
            return RealPath.of(base.resolve(path));
        } catch (InvalidPathException e) {
            return null; // as broken as an empty one
        }
    }

    /** The first line of a small file, without white space around it; null when it cannot be read. */
    static @Nullable String readLine(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(SMALL_FILE), StandardCharsets.UTF_8);
            String first = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return first.lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            return null; // no right to read it: as if it were not there
        }
    }
}
