package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.config.InstanceFile;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One command's talk with the worker of the configured data directory. Blocks; every request has a deadline. */
final class Session {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final Map<String, String> environment;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    Session(Map<String, String> environment) {
        this.environment = environment;
    }

    CairnConfig config(@Nullable Path confFile) {
        JsonObject conf = new JsonObject();
        if (confFile != null) {
            try {
                conf = new JsonObject(Files.readString(confFile));
            } catch (IOException e) {
                throw CairnException.invalid("-conf", "the conf file " + confFile + " is not readable");
            }
        }
        return ConfigLoader.load(conf, environment, new JsonObject());
    }

    /**
     * The worker that serves this configuration's data directory. "Running" means that the very instance named in the
     * directory answered, not that something listens on its port (B7).
     */
    Optional<InstanceFile> running(CairnConfig config) {
        Optional<InstanceFile> written = InstanceFile.read(config.dataDir());
        if (written.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode live = send(
                    config, request(written.get().url() + "/health/live").GET().build());
            return live.path("instance").asText().equals(written.get().instance()) ? written : Optional.empty();
        } catch (CairnException e) {
            return Optional.empty();
        }
    }

    InstanceFile requireRunning(CairnConfig config) {
        return running(config).orElseThrow(Session::notRunning);
    }

    static CairnException notRunning() {
        return new CairnException(ErrorCode.UNAVAILABLE, "no worker is running; start it with 'cairn start'");
    }

    JsonNode get(CairnConfig config, String pathAndQuery) {
        return send(
                config,
                request(requireRunning(config).url() + pathAndQuery).GET().build());
    }

    String getText(CairnConfig config, String pathAndQuery) {
        return exchange(
                        config,
                        request(requireRunning(config).url() + pathAndQuery)
                                .GET()
                                .build())
                .body();
    }

    JsonNode post(CairnConfig config, String path, Object body) {
        return send(
                config,
                request(requireRunning(config).url() + path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(WireFormat.encode(body)))
                        .build());
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(REQUEST_TIMEOUT);
    }

    private JsonNode send(CairnConfig config, HttpRequest request) {
        try {
            return WireFormat.mapper().readTree(exchange(config, request).body());
        } catch (IOException e) {
            throw new CairnException(ErrorCode.INTERNAL, request.uri() + " did not answer with JSON", null, e);
        }
    }

    private HttpResponse<String> exchange(CairnConfig config, HttpRequest plain) {
        String token = config.http().token();
        HttpRequest request = token == null
                ? plain
                : HttpRequest.newBuilder(plain, (name, value) -> true)
                        .header("Authorization", "Bearer " + token)
                        .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                JsonNode error = WireFormat.mapper().readTree(response.body()).path("error");
                throw new CairnException(
                        ErrorCode.ofStatus(response.statusCode()),
                        error.path("message").asText("HTTP status " + response.statusCode()));
            }
            return response;
        } catch (ConnectException e) {
            throw notRunning();
        } catch (IOException e) {
            throw new CairnException(ErrorCode.TIMEOUT, "the worker did not answer: " + e, null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ErrorCode.INTERNAL, "interrupted", null, e);
        }
    }
}
