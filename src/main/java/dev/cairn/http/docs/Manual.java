package dev.cairn.http.docs;

import dev.cairn.http.docs.Contents.Group;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The whole documentation as it is served: the Markdown of the jar, rendered, in the look of the page. Immutable. */
public final class Manual {
    /** Where it is served. */
    public static final String PATH = "/docs";

    /** The page a reader begins with. */
    public static final String FIRST = Contents.PAGES.get(0);

    private static final String ROOM = "dev/cairn/http/";
    private static final String TEXTS = ROOM + "docs/";
    private static final Pattern GAP = Pattern.compile("\\{(title|version|body|contents|around)}");
    private static final String MISSING =
            "<h1>No such page</h1>\n<p>The documentation has no page of this name. The contents have all there is.</p>\n";
    private static final int TAG_DIGITS = 16;

    /**
     * Something to be served.
     *
     * @param type the content type
     * @param tag changes with the content
     */
    public record File(String type, Buffer body, String tag) {
        public static File of(String type, byte[] body) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
                String tag = HexFormat.of().formatHex(digest).substring(0, TAG_DIGITS);
                return new File(type, Buffer.buffer(body), tag);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    private final Map<String, File> pages = new LinkedHashMap<>();
    private final Map<String, File> images = new LinkedHashMap<>();
    private final File missing;

    private Manual(String version) {
        Map<String, Rendered> rendered = new LinkedHashMap<>();
        Contents.PAGES.forEach(name -> rendered.put(name, Rendered.of(text(TEXTS + name + ".md"))));
        String frame = text(ROOM + "docs.html");
        rendered.forEach((name, page) -> {
            pages.put(name, framed(frame, version, page.title(), page.html(), name, rendered));
            page.images()
                    .forEach(image -> images.computeIfAbsent(
                            image, each -> File.of(type(each), bytes(TEXTS + "images/" + each))));
        });
        missing = framed(frame, version, "No such page", MISSING, "", rendered);
    }

    private static File framed(
            String frame, String version, String title, String body, String name, Map<String, Rendered> all) {
        Map<String, String> parts = Map.of(
                "title", escaped(title),
                "version", version,
                "body", body,
                "contents", contents(name, all),
                "around", around(name, all));
        // In one go: what is put in may itself look like a gap.
        String html =
                GAP.matcher(frame).replaceAll(gap -> Matcher.quoteReplacement(parts.getOrDefault(gap.group(1), "")));
        return File.of("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads and renders all of it; blocks for some hundred milliseconds.
     *
     * @param version of the page's files, whose stylesheets it uses
     */
    public static Manual read(String version) {
        return new Manual(version);
    }

    /** Null when there is none of that name. */
    public @Nullable File page(String name) {
        return pages.get(name);
    }

    /** What is shown to a reader who asks for a page that is not there. */
    public File missing() {
        return missing;
    }

    /** Null when no page shows one of that name. */
    public @Nullable File image(String name) {
        return images.get(name);
    }

    private static String contents(String current, Map<String, Rendered> pages) {
        StringBuilder html = new StringBuilder();
        for (Group group : Contents.GROUPS) {
            html.append("<h2>").append(escaped(group.title())).append("</h2>\n<ul>\n");
            for (String name : group.pages()) {
                boolean here = name.equals(current);
                html.append("<li><a href=\"").append(address(name)).append('"');
                html.append(here ? " aria-current=\"page\">" : ">");
                html.append(title(name, pages)).append("</a>");
                if (here) {
                    html.append(sections(pages.get(name)));
                }
                html.append("</li>\n");
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    private static String sections(@Nullable Rendered page) {
        if (page == null || page.sections().isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder("\n<ul>\n");
        for (Rendered.Section section : page.sections()) {
            html.append("<li><a href=\"#").append(section.id()).append("\">");
            html.append(escaped(section.title())).append("</a></li>\n");
        }
        return html.append("</ul>\n").toString();
    }

    /** Links to the pages before and after. */
    private static String around(String name, Map<String, Rendered> pages) {
        List<String> order = Contents.PAGES;
        int at = order.indexOf(name);
        StringBuilder html = new StringBuilder();
        if (at > 0) {
            html.append(step("prev", order.get(at - 1), pages));
        }
        if (at < order.size() - 1) {
            html.append(step("next", order.get(at + 1), pages));
        }
        return html.toString();
    }

    private static String step(String way, String name, Map<String, Rendered> pages) {
        String word = way.equals("prev") ? "Before" : "Next";
        return "<a class=\"" + way + "\" rel=\"" + way + "\" href=\"" + address(name) + "\"><small>" + word + "</small>"
                + title(name, pages) + "</a>\n";
    }

    private static String title(String name, Map<String, Rendered> pages) {
        Rendered page = pages.get(name);
        return escaped(page == null ? name : page.title());
    }

    private static String address(String name) {
        return PATH + "/" + name;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String type(String image) {
        if (image.endsWith(".webp")) {
            return "image/webp";
        }
        throw new IllegalArgumentException("no content type for " + image);
    }

    private static String text(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = Manual.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}
