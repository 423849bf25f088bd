package dev.cairn.http;

import dev.cairn.http.docs.Manual;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documentation, for people and for programs. Open: it is the same for everybody and tells of nobody. */
final class DocsRoutes {
    /** Nothing but text, pictures, the page's stylesheets, and its script that knows which theme was chosen. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String OPENAPI = "openapi.json";

    /** Rendered when the first page is asked for, for all instances. */
    private static final class Once {
        private static final Manual MANUAL = Manual.read(PageFiles.get().version());
    }

    private final String version;
    private @Nullable Manual manual;
    private Manual.@Nullable File openApi;

    /** @param version the worker's own, which is that of its HTTP API too */
    DocsRoutes(String version) {
        this.version = version;
    }

    void addTo(Routes routes) {
        open(routes, Manual.PATH, exchange -> page(exchange, Manual.FIRST));
        open(routes, Manual.PATH + "/:page", exchange -> {
            // With a slash at the end, as people type it.
            String name = exchange.segment().isEmpty() ? Manual.FIRST : exchange.segment();
            return page(exchange, name);
        });
        open(routes, Manual.PATH + "/images/:name", this::image);
        open(routes, "/" + OPENAPI, this::openApi);
    }

    private static void open(Routes routes, String path, Routes.Action action) {
        routes.add("GET", path, new Routes.Route(action, true, false));
    }

    private Future<Answer> page(Exchange exchange, String name) {
        return manual(exchange).map(all -> {
            Manual.File page = all.page(name);
            if (page != null) {
                return answer(exchange, page);
            }
            String accept = exchange.header("accept");
            if (accept != null && accept.contains("text/html")) {
                return shown(404, all.missing());
            }
            throw none("page");
        });
    }

    private Future<Answer> image(Exchange exchange) {
        return manual(exchange).map(all -> {
            Manual.File image = all.image(exchange.segment());
            if (image == null) {
                throw none("picture");
            }
            return answer(exchange, image);
        });
    }

    private static CairnException none(String what) {
        return CairnException.notFound("the documentation has no such " + what + "; it begins at " + Manual.PATH);
    }

    private static Answer answer(Exchange exchange, Manual.File file) {
        return PageRoutes.fresh(exchange, file.tag(), shown(200, file));
    }

    private static Answer shown(int status, Manual.File file) {
        return new Answer(status, file.type(), file.body(), null, Map.of())
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer")
                .with("Cache-Control", "no-cache");
    }

    private Future<Manual> manual(Exchange exchange) {
        Manual known = manual;
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return exchange.blocking(() -> Once.MANUAL).onSuccess(read -> manual = read);
    }

    private Future<Answer> openApi(Exchange exchange) {
        Manual.File known = openApi;
        Future<Manual.File> file = known != null
                ? Future.succeededFuture(known)
                : exchange.blocking(this::readOpenApi).onSuccess(read -> openApi = read);
        return file.map(read -> answer(exchange, read));
    }

    private Manual.File readOpenApi() throws IOException {
        try (InputStream file = DocsRoutes.class.getResourceAsStream(OPENAPI)) {
            if (file == null) {
                throw new IllegalStateException("the build lacks " + OPENAPI);
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("{worker}", version);
            return Manual.File.of(Answer.JSON, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
