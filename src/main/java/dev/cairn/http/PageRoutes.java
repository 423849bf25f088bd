package dev.cairn.http;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages for people. They hold no data: what they show they ask for at the routes beside these, with the token where one is
 * needed. So they are open; how else would somebody give the token?
 */
final class PageRoutes {
    /** One document serves all: it looks at its own address. */
    private static final List<String> PAGES = List.of("/", "/sessions", "/processes", "/settings");

    /** No script and no style but those of the jar, no way out for data; text becomes markup in one place only, lit-html. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types lit-html";

    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private @Nullable PageFiles files;

    void addTo(Routes routes) {
        for (String path : PAGES) {
            routes.add("GET", path, new Routes.Route(this::page, true, false));
        }
        for (String path : List.of("/assets/:version/:name", "/assets/:version/directives/:name")) {
            routes.add("GET", path, new Routes.Route(this::asset, true, false));
        }
    }

    private Future<Answer> page(Exchange exchange) {
        return files(exchange)
                .map(all -> fresh(
                        exchange,
                        all.version(),
                        new Answer(200, "text/html; charset=utf-8", all.shell(), null, Map.of())
                                .with("Content-Security-Policy", POLICY)
                                .with("Cross-Origin-Opener-Policy", "same-origin")
                                .with("Referrer-Policy", "no-referrer")
                                .with("Cache-Control", "no-cache")));
    }

    private Future<Answer> asset(Exchange exchange) {
        return files(exchange).map(all -> {
            String[] path = exchange.path().split("/", 4);
            PageFiles.File file = path[2].equals(all.version()) ? all.file(path[3]) : null;
            if (file == null) {
                // Of another build, perhaps: its page asks for the new one when it is told so.
                throw CairnException.notFound("there is no such file here; load the page anew");
            }
            Answer answer = new Answer(200, file.type(), file.body(), null, Map.of());
            return fresh(exchange, all.version(), answer.with("Cache-Control", FOR_EVER));
        });
    }

    /** With its tag; without its body for who has it already. */
    static Answer fresh(Exchange exchange, String version, Answer answer) {
        String tag = '"' + version + '"';
        String held = exchange.header("if-none-match");
        boolean same = held != null && Arrays.asList(held.split("\\s*,\\s*")).contains(tag);
        Answer tagged = answer.with("ETag", tag);
        return same ? new Answer(304, "", Buffer.buffer(), null, tagged.headers()) : tagged;
    }

    private Future<PageFiles> files(Exchange exchange) {
        PageFiles known = files;
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return exchange.blocking(PageFiles::get).onSuccess(read -> files = read);
    }
}
