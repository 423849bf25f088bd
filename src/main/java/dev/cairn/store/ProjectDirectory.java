package dev.cairn.store;

import dev.cairn.model.Project;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed projects in memory, so that no query has to look them up first. Changed by the writer after its commits, read
 * by everybody. Thread-safe.
 */
final class ProjectDirectory {
    private final Map<Long, Project> byId = new TreeMap<>();
    private final Map<String, Long> byKey = new HashMap<>();

    synchronized void put(long id, Project project) {
        Project before = byId.put(id, project);
        if (before != null && !before.key().equals(project.key())) {
            byKey.remove(before.key());
        }
        byKey.put(project.key(), id);
    }

    /** Knows these instead of those it knew. */
    synchronized void set(Map<Long, Project> projects) {
        byId.clear();
        byKey.clear();
        projects.forEach(this::put);
    }

    synchronized void remove(long id) {
        Project project = byId.remove(id);
        if (project != null) {
            byKey.remove(project.key());
        }
    }

    synchronized @Nullable Long idOf(String key) {
        return byKey.get(key);
    }

    synchronized @Nullable Project get(long id) {
        return byId.get(id);
    }

    /** The one with this key, or else all with this name; empty when nobody knows it. */
    synchronized List<Long> find(String keyOrName) {
        Long id = byKey.get(keyOrName);
        if (id != null) {
            return List.of(id);
        }
        List<Long> named = new ArrayList<>();
        byId.forEach((each, project) -> {
            if (project.name().equals(keyOrName)) {
                named.add(each);
            }
        });
        return named;
    }

    /** The project of this key, or the only one of this name; else a new one whose key it is. */
    synchronized Project named(String keyOrName) {
        List<Long> known = find(keyOrName);
        Project found = known.size() == 1 ? get(known.get(0)) : null;
        if (found != null) {
            return found;
        }
        Project guess = Project.ofGuess(keyOrName);
        return guess == null ? new Project(keyOrName, name(keyOrName)) : guess;
    }

    /** The last part of a path; any other key is its own name. */
    private static String name(String key) {
        int end = key.length();
        while (end > 1 && (key.charAt(end - 1) == '/' || key.charAt(end - 1) == '\\')) {
            end--;
        }
        int begin = Math.max(key.lastIndexOf('/', end - 1), key.lastIndexOf('\\', end - 1)) + 1;
        return begin < end ? key.substring(begin, end) : key;
    }
}
