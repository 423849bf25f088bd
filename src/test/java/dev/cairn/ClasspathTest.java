package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import io.vertx.jdbcclient.JDBCConnectOptions;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Vert.x parts come from releases that were not made together: this guards that they still work together. */
class ClasspathTest {
    private static final Pattern JAR = Pattern.compile("/(vertx-[a-z0-9-]+?)-(\\d+\\.\\d+\\.\\d+)\\.jar!");

    @TempDir
    Path dir;

    @Test
    void everyVertxJarIsOfTheSameMinorLine() throws IOException {
        TreeMap<String, String> versions = new TreeMap<>();
        for (URL manifest : Collections.list(getClass().getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
            Matcher jar = JAR.matcher(manifest.toString());
            if (jar.find() && manifest.toString().contains("/io/vertx/")) {
                versions.put(jar.group(1), jar.group(2));
            }
        }
        assertThat(versions).containsKeys("vertx-core", "vertx-web", "vertx-jdbc-client", "vertx-launcher-application");
        assertThat(Set.copyOf(versions.values())).as("%s", versions).allMatch(version -> version.startsWith("5.0."));
    }

    @Test
    void webServerClientDatabaseAndMetricsWorkTogether() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
        try {
            Pool pool = JDBCPool.pool(
                    vertx,
                    new JDBCConnectOptions().setJdbcUrl("jdbc:sqlite:" + dir.resolve("smoke.db")),
                    new PoolOptions().setMaxSize(1));
            Router router = Router.router(vertx);
            router.get("/sum")
                    .handler(context -> pool.query("SELECT 40 + 2 AS sum")
                            .execute()
                            .onComplete(
                                    rows -> context.json(new JsonObject()
                                            .put("sum", rows.iterator().next().getInteger("sum"))),
                                    context::fail));
            int port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                    .actualPort();
            JsonObject answer = await(WebClient.create(vertx)
                            .get(port, "127.0.0.1", "/sum")
                            .send())
                    .bodyAsJsonObject();
            assertThat(answer.getInteger("sum")).isEqualTo(42);
            assertThat(registry.scrape()).contains("vertx_http_server");
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
