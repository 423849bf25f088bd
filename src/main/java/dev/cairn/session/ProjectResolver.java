package dev.cairn.session;

import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.config.ProjectConfig;
import dev.cairn.model.Project;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Says which project a directory belongs to: the one place where that is decided.
 *
 * <p>In this order: the setting {@code project.names}; a marker file {@code .cairn-project} in the directory or above it,
 * within the repository; the repository ({@link GitLayout}); the directory itself. The key is the canonical path of the
 * root, or the given name. The setting {@code project.exclude} and a marker file {@code .cairn-ignore} exclude.
 *
 * <p>Reads files, so it is not for an event loop. Never fails for a path, whatever it is. Thread-safe.
 */
final class ProjectResolver {
    static final String MARKER = ".cairn-project";
    static final String IGNORE = ".cairn-ignore";
    /** Longer keys are shortened: a memory's project has at most 512. */
    private static final int LONGEST_KEY = 512;

    private final ProjectNames names;
    private final Exclusion exclusion;
    private final Path agents;

    /**
     * @param agents where the worker's own agents work; it need not exist
     * @throws ConfigException for a setting that cannot be accepted; the message names the key
     */
    ProjectResolver(ProjectConfig config, Path agents) {
        names = new ProjectNames(config.names());
        exclusion = new Exclusion(config.exclude());
        this.agents = agents.toAbsolutePath().normalize();
    }

    /** @param cwd a directory, absolute; it need not exist */
    Resolution resolve(String cwd) {
        Path lexical;
        try {
            lexical = Path.of(cwd);
        } catch (InvalidPathException e) {
            return ofForeignPath(cwd);
        }
        return lexical.isAbsolute() ? resolve(lexical.normalize()) : ofForeignPath(cwd);
    }

    /** What a name belongs to, when the directory is not told. Reads no files. */
    Resolution named(String name) {
        if (name.equals(CairnConfig.AGENT_DIRECTORY)) {
            return Resolution.OWN;
        }
        try {
            Path path = Path.of(name);
            // A pattern for a name anywhere wants something above it.
            boolean excluded =
                    !path.isAbsolute() && exclusion.matches(Path.of("/").resolve(path));
            return new Resolution(Project.named(name), excluded);
        } catch (InvalidPathException e) {
            return new Resolution(Project.named(name), false);
        }
    }

    private Resolution resolve(Path lexical) {
        Path directory = RealPath.of(lexical);
        if (lexical.startsWith(agents) || directory.startsWith(RealPath.of(agents))) {
            return Resolution.OWN;
        }
        GitLayout.Repository repository = GitLayout.find(directory);
        Path top = repository == null ? directory : repository.top();
        Path root = repository == null ? directory : repository.root();
        Path limit = repository == null ? null : directory.startsWith(root) ? root : top;
        Path marker = nearest(MARKER, directory, limit, root);
        boolean excluded =
                exclusion.matches(lexical, directory, root) || nearest(IGNORE, directory, limit, root) != null;
        return new Resolution(project(names.of(lexical, directory, root), marker, root), excluded);
    }

    private static Project project(@Nullable String setting, @Nullable Path marker, Path root) {
        if (setting != null) {
            return new Project(setting, setting);
        }
        if (marker == null) {
            return ofRoot(root);
        }
        String line = GitLayout.readLine(marker.resolve(MARKER));
        String name = line == null ? "" : line.replaceAll("\\p{Cntrl}+", " ").strip();
        if (name.isEmpty()) {
            return ofRoot(marker); // an empty marker says: the project begins here
        }
        String given = name.length() > ProjectNames.LONGEST
                ? name.substring(0, ProjectNames.LONGEST).strip()
                : name;
        return new Project(given, given);
    }

    /** The nearest directory with this file, up to {@code limit} (or to the top, when null); else {@code root} if it has it. */
    private static @Nullable Path nearest(String file, Path directory, @Nullable Path limit, Path root) {
        for (Path at = directory; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(file))) {
                return at;
            }
            if (at.equals(limit)) {
                break;
            }
        }
        return Files.isRegularFile(root.resolve(file)) ? root : null;
    }

    private static Project ofRoot(Path root) {
        Path last = root.getFileName();
        String name = last == null ? root.toString() : last.toString();
        String bare = name.endsWith(".git") && name.length() > 4 ? name.substring(0, name.length() - 4) : name;
        return new Project(bounded(root.toString()), bare);
    }

    /** A path of another operating system, such as that of a client in a container: it is taken as it stands. */
    private static Resolution ofForeignPath(String cwd) {
        String path = cwd.length() > 3 && (cwd.endsWith("/") || cwd.endsWith("\\"))
                ? cwd.substring(0, cwd.length() - 1)
                : cwd;
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return new Resolution(new Project(bounded(path), name.isEmpty() ? path : name), false);
    }

    private static String bounded(String key) {
        if (key.length() <= LONGEST_KEY) {
            return key;
        }
        String hash = Integer.toHexString(key.hashCode()) + "-" + key.length();
        return hash + "\u2026" + key.substring(key.length() - LONGEST_KEY + hash.length() + 1);
    }
}
