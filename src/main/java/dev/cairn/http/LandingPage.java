package dev.cairn.http;

import dev.cairn.chain.WorkerInfo;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The page at {@code /}: says that the worker runs and where to look. No script, nothing from elsewhere. */
final class LandingPage {
    private static final String STYLE = """
            body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem;
                   color: #222; background: #fcfcfa; }
            code { background: #eee; padding: 0 .25em; border-radius: 3px; }
            dt { font-weight: 600; margin-top: .75rem; } dd { margin: 0; } a { color: #245; }
            @media (prefers-color-scheme: dark) {
              body { color: #ddd; background: #1b1b1b; } code { background: #333; } a { color: #9bd; } }
            """;

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Cairn</title>
            <style>%s</style>
            </head>
            <body>
            <h1>Cairn</h1>
            <p>The memory worker is running: version <code>%s</code>, process <code>%d</code>, instance <code>%s</code>.</p>
            <dl>
            <dt><a href="/health">/health</a></dt><dd>how it is, part by part</dd>
            <dt><a href="/api/stats">/api/stats</a></dt><dd>how much it knows</dd>
            <dt><a href="/api/projects">/api/projects</a></dt><dd>the projects it knows</dd>
            <dt><a href="/api/observations">/api/observations</a>, <a href="/api/summaries">/api/summaries</a>,
            <a href="/api/prompts">/api/prompts</a></dt><dd>what it remembers, newest first</dd>
            <dt><code>/api/search?query=…</code></dt><dd>finds memories by words</dd>
            <dt><code>/api/context?project=…</code></dt><dd>what a new session of a project is told</dd>
            <dt><code>POST /hooks</code></dt><dd>takes an agent's hook events</dd>
            <dt><code>POST /mcp</code></dt><dd>the same memory as MCP tools</dd>
            <dt><a href="/metrics">/metrics</a></dt><dd>figures for Prometheus</dd>
            </dl>
            </body>
            </html>
            """;

    private final Answer page;

    LandingPage(WorkerInfo info) {
        String html = PAGE.formatted(STYLE, escaped(info.version()), info.pid(), escaped(info.instance()));
        page = Answer.text("text/html; charset=utf-8", html)
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
                                + "'; base-uri 'none'; form-action 'none'; " + "frame-ancestors 'none'")
                .with("Referrer-Policy", "no-referrer");
    }

    void addTo(Routes routes) {
        routes.get("/", exchange -> Future.succeededFuture(page));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
