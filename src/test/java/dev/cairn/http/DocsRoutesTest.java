package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The documentation as a reader of {@code /docs} gets it: all of it, and no link that leads nowhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsRoutesTest {
    private static final Path MARKDOWN = Path.of("src", "site", "markdown");
    private static final Pattern LINK = Pattern.compile("<(?:a|img|link)\\b[^>]*?\\b(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"");
    private static final Pattern MARKDOWN_LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    private HttpHarness http;
    private final Map<String, Reply> pages = new LinkedHashMap<>();

    @BeforeAll
    void start(@TempDir Path dir) throws IOException {
        http = HttpHarness.start(dir);
        try (Stream<Path> files = Files.list(MARKDOWN)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    .sorted()
                    .map(name -> name.substring(0, name.length() - 3))
                    .forEach(name -> pages.put(name, http.get("/docs/" + name)));
        }
    }

    @AfterAll
    void stop() {
        http.close();
    }

    private static Set<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().map(result -> result.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMarkdownFileIsAPageWithATitleAndAPlaceInTheContents() {
        assertThat(pages).hasSizeGreaterThan(30);
        Set<String> contents = found(
                Pattern.compile("<li><a href=\"/docs/([a-z0-9-]+)\""),
                pages.get("start").body());
        assertThat(contents).isEqualTo(new TreeSet<>(pages.keySet()));
        pages.forEach((name, page) -> {
            assertThat(page.status()).as(name).isEqualTo(200);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.body())
                    .as(name)
                    .containsPattern("<title>[^<{]+ – Cairn</title>")
                    .containsPattern("<article>\\s*<h1 id=\"")
                    .containsOnlyOnce("<h1")
                    .containsOnlyOnce("href=\"/docs/" + name + "\" aria-current=\"page\"");
        });
        assertThat(http.get("/docs").body()).isEqualTo(pages.get("start").body());
        assertThat(http.get("/docs/").body()).isEqualTo(pages.get("start").body());
    }

    @Test
    void everyLinkAndEveryPictureOfEveryPageIsThere() {
        Map<String, Integer> asked = new LinkedHashMap<>();
        List<String> broken = new ArrayList<>();
        pages.forEach((name, page) -> found(LINK, page.body()).forEach(link -> {
            if (link.startsWith("https://") || link.startsWith("http://127.0.0.1")) {
                return;
            }
            String path = link.replaceFirst("#.*", "");
            String anchor = link.contains("#") ? link.replaceFirst("[^#]*#", "") : "";
            Reply there = path.isEmpty() ? page : path.startsWith("/docs/") ? pages.get(path.substring(6)) : null;
            if (there == null
                    && asked.computeIfAbsent(path, each -> http.get(each).status()) != 200) {
                broken.add(name + " links " + link);
            } else if (!anchor.isEmpty()
                    && (there == null || !found(ID, there.body()).contains(anchor))) {
                broken.add(name + " links " + link + ", and there is no such heading");
            }
        }));
        assertThat(broken).isEmpty();
        assertThat(asked.keySet())
                .contains("/openapi.json", "/docs/images/page-memory-light.webp")
                .anyMatch(path -> path.matches("/assets/[0-9a-f]{16}/style-docs\\.css"));
    }

    @Test
    void theReadmeLinksWhatIsThere() throws IOException {
        for (String link : found(MARKDOWN_LINK, Files.readString(Path.of("README.md")))) {
            if (link.startsWith("http")) {
                continue;
            }
            Path file = Path.of(link.replaceFirst("#.*", ""));
            assertThat(file).as("README.md links %s", link).exists();
            if (link.contains("#")) {
                String page = file.getFileName().toString().replace(".md", "");
                assertThat(found(ID, pages.get(page).body()))
                        .as("README.md links %s", link)
                        .contains(link.replaceFirst(".*#", ""));
            }
        }
    }

    @Test
    void tablesCodeAndListsAreMarkupAndWhatLooksLikeMarkupInTextIsNot() {
        String api = pages.get("http-api").body();
        assertThat(api)
                .containsPattern("<div class=\"scroll\" tabindex=\"0\">\\s*<table>")
                .contains("<pre tabindex=\"0\"><code")
                .contains("<code>GET /assets/{version}/{file}</code>")
                .contains("<h2 id=\"who-may-call\">Who may call</h2>")
                .contains("<a href=\"#who-may-call\">Who may call</a>");
        assertThat(pages.get("privacy").body())
                .contains("<code>&lt;private&gt;</code>")
                .doesNotContain("<private>");
        pages.forEach((name, page) -> assertThat(
                        page.body().replaceFirst("<script src=\"/assets/[^/\"]+/theme\\.js\"></script>", ""))
                .as(name)
                .doesNotContain("| --")
                .doesNotContain("|---")
                .doesNotContainPattern("<script|<style|\\sstyle=|\\son[a-z]+=\""));
    }

    @Test
    void aPageHasNoScriptOfItsOwnAndIsKeptUntilItChanges() {
        Reply page = pages.get("concepts");
        assertThat(page.header("content-security-policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("cache-control")).isEqualTo("no-cache");
        String tag = page.header("etag");
        assertThat(tag)
                .matches("\"[0-9a-f]{16}\"")
                .isNotEqualTo(pages.get("faq").header("etag"));
        Reply again = ifNoneMatch("/docs/concepts", tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(ifNoneMatch("/docs/faq", tag).status()).isEqualTo(200);

        Reply picture = http.get("/docs/images/page-memory-light.webp");
        assertThat(picture.header("content-type")).isEqualTo("image/webp");
        assertThat(ifNoneMatch("/docs/images/page-memory-light.webp", picture.header("etag"))
                        .status())
                .isEqualTo(304);
    }

    private Reply ifNoneMatch(String path, String tag) {
        return http.request("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + tag + "\r\n\r\n");
    }

    @Test
    void whatIsNoPageIsNotFoundWhateverItsNameTries() {
        for (String path : List.of(
                "/docs/nope",
                "/docs/start.md",
                "/docs/..%2Fopenapi",
                "/docs/../openapi.json",
                "/docs/images/",
                "/docs/images/page-memory-light.png",
                "/docs/images/..%2Fstart.md")) {
            assertThat(http.get(path).status()).as(path).isEqualTo(404);
            assertThat(http.get(path).code()).as(path).isEqualTo("not_found");
        }
    }

    @Test
    void aReaderIsShownTheContentsWhereThereIsNoPage() {
        Reply reply = http.request(
                "GET /docs/nope HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,application/xhtml+xml\r\n\r\n");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("content-type")).startsWith("text/html");
        assertThat(reply.header("content-security-policy")).isEqualTo(DocsRoutes.POLICY);
        assertThat(reply.body())
                .contains("<h1>No such page</h1>", "<a href=\"/docs/http-api\">", "<title>No such page – Cairn</title>")
                .doesNotContain("aria-current=\"page\">No such", "{around}");
    }

    @Test
    void itIsOpenWhereATokenIsAskedFor(@TempDir Path other) {
        try (HttpHarness locked =
                HttpHarness.start(other, Map.of("auth", "token", "token", HttpHarness.TOKEN), Limits.DEFAULT)) {
            assertThat(locked.get("/docs/faq").body())
                    .isEqualTo(pages.get("faq").body());
            assertThat(locked.get("/openapi.json").status()).isEqualTo(200);
            assertThat(locked.get("/api/stats").status()).isEqualTo(401);
            assertThat(locked.rooms.asked).isEmpty();
        }
    }

    @Test
    void thePageLeadsThere() {
        assertThat(http.get("/assets/" + PageFiles.get().version() + "/app.js").body())
                .contains("<a href=\"/docs\">Docs</a>");
        assertThat(LINK.matcher(pages.get("start").body()).results().map(MatchResult::group))
                .anyMatch(link -> link.contains("href=\"/processes\""));
    }
}
