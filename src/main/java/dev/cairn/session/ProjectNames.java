package dev.cairn.session;

import dev.cairn.config.ConfigException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The setting {@code project.names}: directories whose project has a name of its own. */
final class ProjectNames {
    static final int LONGEST = 200;

    private record Entry(Path directory, String name) {}

    private final List<Entry> entries = new ArrayList<>();

    /** @throws ConfigException for an entry that is no {@code DIRECTORY=NAME} */
    ProjectNames(List<String> settings) {
        for (String setting : settings) {
            int equals = setting.lastIndexOf('=');
            String directory = equals < 0 ? "" : setting.substring(0, equals).strip();
            String name = equals < 0 ? "" : setting.substring(equals + 1).strip();
            if (directory.isEmpty() || name.isEmpty() || name.length() > LONGEST) {
                throw wrong(setting);
            }
            try {
                Path path = Path.of(expandHome(directory));
                if (!path.isAbsolute()) {
                    throw wrong(setting);
                }
                entries.add(new Entry(path.normalize(), name));
            } catch (InvalidPathException e) {
                throw wrong(setting);
            }
        }
    }

    private static ConfigException wrong(String setting) {
        return new ConfigException("project.names: '" + setting
                + "' must be DIRECTORY=NAME with an absolute directory and a name of 1 to " + LONGEST + " characters");
    }

    static String expandHome(String path) {
        return path.equals("~") || path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
    }

    /** The name of the longest directory that one of these is in; null when there is none. Reads the file system. */
    @Nullable
    String of(Path... candidates) {
        String name = null;
        int longest = -1;
        for (Entry entry : entries) {
            Path real = RealPath.of(entry.directory);
            for (Path candidate : candidates) {
                int length = Math.max(entry.directory.getNameCount(), real.getNameCount());
                if ((candidate.startsWith(entry.directory) || candidate.startsWith(real)) && length > longest) {
                    longest = length;
                    name = entry.name;
                }
            }
        }
        return name;
    }
}
