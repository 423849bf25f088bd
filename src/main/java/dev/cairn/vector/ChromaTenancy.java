package dev.cairn.vector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.ChromaServer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/** The tenant and the database on a Chroma server that collections are kept in. */
final class ChromaTenancy {
    private static final long TIMEOUT_MS = 10_000;
    private static final String TENANTS = "/tenants";

    private ChromaTenancy() {}

    /** The database's path; a name is nothing that a path would have to escape. */
    static String path(ChromaServer server) {
        return tenant(server) + "/databases/" + server.database();
    }

    private static String tenant(ChromaServer server) {
        return TENANTS + "/" + server.tenant();
    }

    /** Makes what is missing. */
    static Future<Void> ensure(ChromaHttp http, ChromaServer server) {
        return there(http, path(server)).compose(database -> {
            if (database) {
                return Future.succeededFuture();
            }
            return there(http, tenant(server))
                    .compose(tenant -> tenant ? Future.succeededFuture() : make(http, TENANTS, server.tenant()))
                    .compose(tenant -> make(http, tenant(server) + "/databases", server.database()));
        });
    }

    private static Future<Boolean> there(ChromaHttp http, String path) {
        return http.exchange(HttpMethod.GET, path, null, TIMEOUT_MS).map(answer -> {
            if (answer.succeeded()) {
                return true;
            }
            if (answer.status() == 404 && answer.body().has("error")) {
                return false;
            }
            throw http.refusal(path, answer);
        });
    }

    /** One that somebody else made at the same moment is as good. */
    private static Future<Void> make(ChromaHttp http, String path, String name) {
        ObjectNode body = WireFormat.mapper().createObjectNode().put("name", name);
        return http.exchange(HttpMethod.POST, path, body, TIMEOUT_MS).map(answer -> {
            if (!answer.succeeded() && answer.status() != 409) {
                throw http.refusal(path, answer);
            }
            return null;
        });
    }
}
