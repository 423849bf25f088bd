package dev.cairn.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, as they are in the jar: the worker's own, and those of the two libraries it is made with. Their
 * version is made from their content and stands in their path, so that no browser ever mixes those of two builds. Immutable.
 */
final class PageFiles {
    private static final String OWN = "dev/cairn/http/page/";
    private static final String LIT = "META-INF/resources/webjars/lit-html/3.3.1/";
    private static final String CHARTS = "META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SHELL = "page.html";
    private static final int VERSION_DIGITS = 16;

    /** The worker's own; what is not named here is not served. */
    static final List<String> OWN_NAMES = List.of(
            "api.js",
            "app.js",
            "carry.js",
            "chart.js",
            "detail.js",
            "dialogs.js",
            "editor.js",
            "favicon.svg",
            "feed.js",
            "filters.js",
            "forget.js",
            "format.js",
            "icons.js",
            "memory.js",
            "place.js",
            "processes.js",
            "sessions.js",
            "settings.js",
            "settings-field.js",
            "stream.js",
            "style.css",
            "style-docs.css",
            "style-memory.css",
            "style-worker.css",
            "theme.js",
            "toast.js",
            "ui.js",
            "usage.js",
            "windowed.js");

    /** Those of others, by the name they are served by; what they import of one another stays where they expect it. */
    static final Map<String, String> OTHERS = Map.of(
            "lit-html.js", LIT + "lit-html.js",
            "directive.js", LIT + "directive.js",
            "directive-helpers.js", LIT + "directive-helpers.js",
            "directives/repeat.js", LIT + "directives/repeat.js",
            "directives/live.js", LIT + "directives/live.js",
            "uplot.js", CHARTS + "uPlot.esm.js",
            "uplot.css", CHARTS + "uPlot.min.css");

    /** @param type the content type */
    record File(String type, Buffer body) {}

    private static final class Once {
        private static final PageFiles FILES = new PageFiles();
    }

    private final Map<String, File> files = new LinkedHashMap<>();
    private final String version;
    private final Buffer shell;

    private PageFiles() {
        MessageDigest digest = sha256();
        OWN_NAMES.forEach(name -> add(name, OWN + name, digest));
        new TreeMap<>(OTHERS).forEach((name, resource) -> add(name, resource, digest));
        byte[] html = read(OWN + SHELL);
        digest.update(html);
        version = HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
        shell = Buffer.buffer(new String(html, StandardCharsets.UTF_8).replace("{version}", version));
    }

    /** Reads them when nobody has yet; blocks then for some milliseconds. */
    static PageFiles get() {
        return Once.FILES;
    }

    /** Changes with every change of a file. */
    String version() {
        return version;
    }

    /** The document that every page begins with. */
    Buffer shell() {
        return shell;
    }

    /** Null when there is none of that name. */
    @Nullable
    File file(String name) {
        return files.get(name);
    }

    private void add(String name, String resource, MessageDigest digest) {
        byte[] body = read(resource);
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(body);
        files.put(name, new File(type(name), Buffer.buffer(body)));
    }

    private static String type(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1);
        return switch (end) {
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no content type for " + name);
        };
    }

    private static byte[] read(String resource) {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
