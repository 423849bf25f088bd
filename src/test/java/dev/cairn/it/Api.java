package dev.cairn.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/** A plain HTTP client of a worker. */
final class Api {
    /** An answer as it came. */
    record Answer(int status, String contentType, String body) {
        JsonNode json() throws Exception {
            return WireFormat.mapper().readTree(body);
        }
    }

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();
    private final String url;

    Api(String url) {
        this.url = url;
    }

    int port() {
        return URI.create(url).getPort();
    }

    Answer get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    Answer post(String path, String json) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer delete(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).DELETE());
    }

    Answer send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = http.send(
                request.timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                response.body());
    }

    /** Asks until the answer fits; the observer works after a hook was answered. */
    JsonNode awaitJson(String path, Predicate<JsonNode> fits) throws Exception {
        Answer fitting = await(path, answer -> {
            try {
                return fits.test(answer.json());
            } catch (Exception e) {
                throw new AssertionError("no JSON from " + path + ": " + answer.body(), e);
            }
        });
        return fitting.json();
    }

    /** Asks until the answer fits. */
    Answer await(String path, Predicate<Answer> fits) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Answer last = get(path);
        while (!fits.test(last)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(path + " did not come to fit; last answer: " + last.body());
            }
            Thread.sleep(20);
            last = get(path);
        }
        return last;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
