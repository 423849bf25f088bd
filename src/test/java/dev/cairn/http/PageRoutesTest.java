package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The document of the pages and its files: whole, cacheable, and under a policy that they keep. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageRoutesTest {
    private static final Path SOURCES = Path.of("src", "main", "resources", "dev", "cairn", "http", "page");
    private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\s*\\(?\\s*['\"](\\.[^'\"]+)['\"]");
    private static final Pattern ASSET = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");

    private HttpHarness http;

    @BeforeAll
    void start(@TempDir Path dir) {
        http = HttpHarness.start(dir);
    }

    @AfterAll
    void stop() {
        http.close();
    }

    private Reply get(String path, String header) {
        return http.request("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n");
    }

    @Test
    void everyPageIsTheSameSmallDocumentUnderAStrictPolicy() {
        String first = http.get("/").body();
        for (String path : List.of("/", "/sessions", "/processes", "/settings", "/?query=a&open=prompt-1")) {
            Reply page = http.get(path);
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.body()).isEqualTo(first).hasSizeLessThan(4_000);
            assertThat(page.header("content-security-policy"))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.header("referrer-policy")).isEqualTo("no-referrer");
            assertThat(page.header("cache-control")).isEqualTo("no-cache");
        }
        assertThat(first).doesNotContain("<style").doesNotContain("{version}").doesNotContain("1.2.3");
        assertThat(Pattern.compile("<script(?! (?:type=\"module\" )?src=)")
                        .matcher(first)
                        .find())
                .as("a script within the document")
                .isFalse();
    }

    @Test
    void whatTheDocumentNamesIsThereForEver() {
        Matcher assets = ASSET.matcher(http.get("/").body());
        int found = 0;
        while (assets.find()) {
            Reply asset = http.get(assets.group(1));
            assertThat(asset.status()).as(assets.group(1)).isEqualTo(200);
            assertThat(asset.header("cache-control")).isEqualTo("public, max-age=31536000, immutable");
            assertThat(asset.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(asset.header("content-type")).matches("text/(css|javascript); charset=utf-8|image/svg\\+xml");
            found++;
        }
        assertThat(found).isGreaterThan(5);
    }

    @Test
    void whoHasItAlreadyIsSentNothing() {
        Reply page = http.get("/");
        String tag = page.header("etag");
        assertThat(tag).isEqualTo('"' + PageFiles.get().version() + '"');
        Reply again = get("/", "If-None-Match: \"other\", " + tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("etag")).isEqualTo(tag);
        assertThat(get("/", "If-None-Match: \"other\"").status()).isEqualTo(200);
        String asset = "/assets/" + PageFiles.get().version() + "/app.js";
        assertThat(get(asset, "If-None-Match: " + tag).status()).isEqualTo(304);
    }

    @Test
    void aFileOfAnotherBuildIsNotServedInItsPlace() {
        for (String path : List.of(
                "/assets/0000000000000000/app.js",
                "/assets/" + PageFiles.get().version() + "/page.html",
                "/assets/" + PageFiles.get().version() + "/..%2Fpage.html",
                "/assets/" + PageFiles.get().version() + "/directives/nope.js",
                "/assets/" + PageFiles.get().version() + "/")) {
            Reply refused = http.get(path);
            assertThat(refused.status()).as(path).isEqualTo(404);
            assertThat(refused.header("cache-control")).isEqualTo("no-store");
        }
    }

    @Test
    void everyFileOfThePageIsServedAndNoOther() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("page.html")))
                    .containsExactlyInAnyOrderElementsOf(PageFiles.OWN_NAMES);
        }
    }

    @Test
    void whateverAModuleImportsIsThere() {
        Set<String> seen = new HashSet<>();
        follow("app.js", seen);
        assertThat(seen).contains("lit-html.js", "uplot.js", "directives/repeat.js", "directive-helpers.js");
    }

    private static void follow(String name, Set<String> seen) {
        if (!seen.add(name)) {
            return;
        }
        PageFiles.File file = PageFiles.get().file(name);
        assertThat(file).as(name).isNotNull();
        Matcher imports = IMPORT.matcher(file.body().toString());
        while (imports.find()) {
            follow(Path.of(name).resolveSibling(imports.group(1)).normalize().toString(), seen);
        }
    }

    @Test
    void thePagesAreOpenWhereATokenIsAskedForAndHoldNoData(@TempDir Path other) {
        try (HttpHarness locked =
                HttpHarness.start(other, Map.of("auth", "token", "token", HttpHarness.TOKEN), Limits.DEFAULT)) {
            assertThat(locked.get("/").body()).isEqualTo(http.get("/").body());
            assertThat(locked.get("/assets/" + PageFiles.get().version() + "/app.js")
                            .status())
                    .isEqualTo(200);
            assertThat(locked.get("/api/verticles").status()).isEqualTo(401);
            assertThat(locked.rooms.asked).isEmpty();
        }
    }
}
