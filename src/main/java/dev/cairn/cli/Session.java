package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.config.ConfigLoader;
import dev.cairn.config.InstanceFile;
import dev.cairn.config.Json;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One command's talk with the worker of the configured data directory. Blocks; every request has a deadline. */
final class Session {
    private static final int REQUEST_TIMEOUT_MS = 30_000;

    private final Map<String, String> environment;
    private final Terminal terminal;
    /** The worker that was seen to be alive; while the file says the same, it is not asked again. */
    private volatile @Nullable InstanceFile seen;

    Session(Map<String, String> environment) {
        this.environment = environment;
        this.terminal = Terminal.of(environment);
    }

    Terminal terminal() {
        return terminal;
    }

    Map<String, String> environment() {
        return environment;
    }

    CairnConfig config(@Nullable Path confFile) {
        JsonObject conf = new JsonObject();
        if (confFile != null) {
            try {
                conf = Json.object(Files.readString(confFile));
            } catch (IOException e) {
                throw CairnException.invalid("-conf", "the conf file " + confFile + " is not readable");
            } catch (DecodeException e) {
                throw new ConfigException(confFile + " is not a JSON object: " + e.getMessage());
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
            // Without the token: until it has told its name, whoever listens there is a stranger.
            String answer = new WorkerHttp(null, REQUEST_TIMEOUT_MS)
                    .demand("GET", written.get().url() + "/health/live", null);
            JsonNode live = json(answer);
            if (!live.path("instance").asText().equals(written.get().instance())) {
                return Optional.empty();
            }
            seen = written.get();
            return written;
        } catch (CairnException e) {
            return Optional.empty();
        }
    }

    InstanceFile requireRunning(CairnConfig config) {
        InstanceFile known = seen;
        if (known != null
                && InstanceFile.read(config.dataDir()).filter(known::equals).isPresent()) {
            return known;
        }
        return running(config).orElseThrow(Session::notRunning);
    }

    /** From now on the worker is asked again whether it is there. */
    void forget() {
        seen = null;
    }

    static CairnException notRunning() {
        return new CairnException(ErrorCode.UNAVAILABLE, "no worker is running; start it with 'cairn start'");
    }

    JsonNode get(CairnConfig config, String pathAndQuery) {
        return json(getText(config, pathAndQuery));
    }

    /** The same where "not found" is an answer. */
    Optional<JsonNode> find(CairnConfig config, String path) {
        try {
            return Optional.of(get(config, path));
        } catch (CairnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    String getText(CairnConfig config, String pathAndQuery) {
        return http(config, REQUEST_TIMEOUT_MS).demand("GET", url(config, pathAndQuery), null);
    }

    /** The answer whatever its status, such as that of health. */
    JsonNode getAny(CairnConfig config, String path) {
        return json(http(config, REQUEST_TIMEOUT_MS)
                .send("GET", url(config, path), null)
                .body());
    }

    JsonNode post(CairnConfig config, String path, Object body) {
        return json(http(config, REQUEST_TIMEOUT_MS).demand("POST", url(config, path), JsonTree.write(body)));
    }

    /** For what is longer than a request and an answer. */
    WorkerHttp http(CairnConfig config, int readTimeoutMs) {
        return new WorkerHttp(config.http().token(), readTimeoutMs);
    }

    String url(CairnConfig config, String pathAndQuery) {
        return requireRunning(config).url() + pathAndQuery;
    }

    /** A path with its parameters; those that are null are left out. */
    static String query(String path, Map<String, ?> parameters) {
        StringBuilder url = new StringBuilder(path);
        char separator = '?';
        for (Map.Entry<String, ?> parameter : parameters.entrySet()) {
            if (parameter.getValue() == null) {
                continue;
            }
            url.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(String.valueOf(parameter.getValue()), StandardCharsets.UTF_8));
            separator = '&';
        }
        return url.toString();
    }

    static JsonNode json(String body) {
        try {
            return JsonTree.read(body);
        } catch (IOException e) {
            throw new CairnException(ErrorCode.INTERNAL, "the worker did not answer with JSON", null, e);
        }
    }
}
