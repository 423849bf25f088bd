package dev.cairn.session;

import dev.cairn.config.ConfigException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * The setting {@code project.exclude}: glob patterns of directories; what matches is excluded with all below it. A pattern
 * without a slash matches a directory of that name anywhere; {@code ~} is the home directory.
 */
final class Exclusion {
    private final List<PathMatcher> matchers = new ArrayList<>();

    /** @throws ConfigException for a pattern that is none */
    Exclusion(List<String> globs) {
        for (String glob : globs) {
            String path = ProjectNames.expandHome(glob.strip());
            if (path.length() > 1 && path.endsWith("/")) {
                path = path.substring(0, path.length() - 1);
            }
            String anywhere = path.contains("/") || path.contains("\\") ? path : "**/" + path;
            try {
                matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + anywhere));
            } catch (PatternSyntaxException e) {
                throw new ConfigException("project.exclude: '" + glob + "' is not a glob pattern: " + e.getDescription()
                        + "; mend it or take it out");
            }
        }
    }

    /** Whether one of these, or a directory above it, matches. */
    boolean matches(Path... candidates) {
        for (Path candidate : candidates) {
            for (Path at = candidate; at != null; at = at.getParent()) {
                for (PathMatcher matcher : matchers) {
                    if (matcher.matches(at)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
