package dev.cairn.observer.rules;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as people say them: relative to the project's root where they lie inside it, with forward slashes. */
final class ProjectPaths {
    private static final int MAX_LENGTH = 300;

    private final String root;

    /** @param projectKey the project's key; the root's path when it starts with a slash */
    ProjectPaths(String projectKey) {
        root = projectKey.startsWith("/") ? normal(projectKey) : "";
    }

    /** The path as it is shown; empty when there is nothing to show. */
    String show(String path) {
        String clean = path.strip();
        if (clean.startsWith("file://")) {
            clean = clean.substring("file://".length());
        }
        if (clean.isEmpty() || clean.length() > MAX_LENGTH * 4 || clean.indexOf('\n') >= 0) {
            return "";
        }
        String normal = normal(clean);
        if (!root.isEmpty() && normal.equals(root)) {
            return ".";
        }
        String inside = root.equals("/") ? root : root + "/";
        if (!root.isEmpty() && normal.startsWith(inside)) {
            normal = normal.substring(inside.length());
        }
        return Texts.oneLine(normal, MAX_LENGTH);
    }

    /** A text with the root's path taken off the paths in it. */
    String shorten(String text) {
        return root.length() < 2 ? text : text.replace(root + "/", "");
    }

    /** Whether a path as {@link #show} gives it lies outside the project. */
    static boolean outside(String shown) {
        return shown.startsWith("/") || shown.startsWith("~") || shown.startsWith("../");
    }

    private static String normal(String path) {
        String slashes = path.indexOf('\\') >= 0 && path.indexOf('/') < 0 ? path.replace('\\', '/') : path;
        boolean absolute = slashes.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : slashes.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..") && !parts.isEmpty() && !parts.peekLast().equals("..")) {
                parts.removeLast();
            } else if (!part.equals("..") || !absolute) {
                parts.addLast(part);
            }
        }
        String joined = String.join("/", parts);
        return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
    }
}
