package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.Project;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which project here a name there is. The other memory knows a project by its directory's name; here it is the directory itself, by which a
 * new session finds it. In this order: the directory that was given for the name; a directory in which the project's tools worked, when it
 * belongs to a project of that name; the only project of that name that is there already; else the name alone.
 */
final class ForeignProjects {
    private final Session session;
    private final CairnConfig config;
    private final Map<String, Project> found = new TreeMap<>();
    private final TreeSet<String> excluded = new TreeSet<>();
    private final TreeSet<String> nameOnly = new TreeSet<>();

    ForeignProjects(Session session, CairnConfig config, List<String> assigned, List<ForeignMemory.Named> named) {
        this.session = session;
        this.config = config;
        Map<String, String> given = given(assigned, named);
        Map<String, List<Project>> here = here();
        for (ForeignMemory.Named each : named) {
            find(each, given.get(each.name()), here.getOrDefault(each.name(), List.of()));
        }
    }

    private static Map<String, String> given(List<String> assigned, List<ForeignMemory.Named> named) {
        Map<String, String> given = new TreeMap<>();
        for (String each : assigned) {
            int at = each.indexOf('=');
            String name = at < 0 ? each : each.substring(0, at);
            if (at < 1 || at == each.length() - 1) {
                throw WorkerCommand.misuse("--project takes NAME=DIRECTORY, not '" + each + "'");
            }
            if (named.stream().noneMatch(other -> other.name().equals(name))) {
                throw WorkerCommand.misuse("--project: there is no project '" + name + "'; there are "
                        + ForeignImport.listed(
                                named.stream().map(ForeignMemory.Named::name).toList(), 20));
            }
            given.put(name, directory(each.substring(at + 1)));
        }
        return given;
    }

    private static String directory(String text) {
        try {
            Path directory = Path.of(text).toAbsolutePath().normalize();
            if (!Files.isDirectory(directory)) {
                throw WorkerCommand.misuse("--project: " + directory + " is not a directory");
            }
            return directory.toString();
        } catch (InvalidPathException e) {
            throw WorkerCommand.misuse("--project: '" + text + "' is not a path");
        }
    }

    /** The projects that are here, by name. */
    private Map<String, List<Project>> here() {
        Map<String, List<Project>> here = new TreeMap<>();
        for (JsonNode row : session.get(config, "/api/projects").path("projects")) {
            Project project = new Project(
                    row.path("project").asText(), row.path("projectName").asText());
            here.computeIfAbsent(project.name(), name -> new ArrayList<>()).add(project);
        }
        return here;
    }

    private void find(ForeignMemory.Named named, @Nullable String directory, List<Project> here) {
        if (directory != null) {
            take(named.name(), ask(directory));
            return;
        }
        for (String worked : named.directories()) {
            JsonNode answer = isAbsolute(worked) ? ask(worked) : null;
            // A worktree's name stands behind that of its repository.
            String name = named.name().replaceFirst("/.*", "");
            if (answer != null
                    && (answer.path("excluded").asBoolean()
                            || answer.path("name").asText().equals(name)
                            || answer.path("name").asText().equals(named.name()))) {
                take(named.name(), answer);
                return;
            }
        }
        if (here.size() == 1) {
            found.put(named.name(), here.get(0));
            return;
        }
        found.put(named.name(), new Project(named.name(), named.name()));
        nameOnly.add(named.name());
    }

    private static boolean isAbsolute(String directory) {
        try {
            return directory.length() <= 4_096
                    && directory.chars().noneMatch(Character::isISOControl)
                    && Path.of(directory).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private JsonNode ask(String directory) {
        return session.get(config, Session.query("/api/project", Map.of("directory", directory)));
    }

    private void take(String name, JsonNode answer) {
        if (answer.path("excluded").asBoolean()) {
            excluded.add(name);
        }
        found.put(
                name,
                new Project(answer.path("key").asText(), answer.path("name").asText()));
    }

    /** The project of a name; null for one that is excluded. */
    @Nullable
    Project of(String name) {
        if (excluded.contains(name)) {
            return null;
        }
        Project project = found.get(name);
        return project == null ? new Project(name, name) : project;
    }

    /** By name there: the directory, or whatever the key is, here. */
    Map<String, String> keys() {
        Map<String, String> keys = new TreeMap<>();
        found.forEach((name, project) -> keys.put(name, excluded.contains(name) ? "excluded" : project.key()));
        return keys;
    }

    /** Those that stay names. */
    List<String> nameOnly() {
        return List.copyOf(nameOnly);
    }
}
