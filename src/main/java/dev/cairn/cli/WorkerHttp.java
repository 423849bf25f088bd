package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Blocking requests to a worker on this machine. The JDK's old client on purpose: the new one takes longer to load than a
 * command takes to run. Thread-safe.
 */
final class WorkerHttp {
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int CHUNK = 64 * 1024;
    private static final int MAX_ERROR = 64 * 1024;

    static {
        // The JDK would send a POST whose answer was lost a second time by itself.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    /** @param body empty when there is none */
    record Answer(int status, String body) {}

    /** Takes a part of a body. */
    interface Sink {
        void take(byte[] bytes, int length) throws IOException;
    }

    private final Map<String, String> headers;
    private final int readTimeoutMs;

    private WorkerHttp(Map<String, String> headers, int readTimeoutMs) {
        this.headers = headers;
        this.readTimeoutMs = readTimeoutMs;
    }

    /** @param readTimeoutMs how long no byte may come before the request is given up, in milliseconds */
    WorkerHttp(@Nullable String token, int readTimeoutMs) {
        this(token == null ? Map.of() : Map.of("Authorization", "Bearer " + token), readTimeoutMs);
    }

    /** The same with another header; with no value the same as before. */
    WorkerHttp with(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new WorkerHttp(more, readTimeoutMs);
    }

    /** One request and its answer, whatever its status. */
    Answer send(String method, String url, @Nullable String json) {
        try {
            HttpURLConnection connection = open(method, url);
            if (json != null) {
                byte[] body = json.getBytes(StandardCharsets.UTF_8);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setRequestProperty("Accept", "application/json, text/event-stream");
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            return answer(connection);
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** The same; a status of 400 and above is an error. */
    String demand(String method, String url, @Nullable String json) {
        return accepted(send(method, url, json));
    }

    /** Reads a body of any length. */
    void download(String url, Sink sink) {
        try {
            HttpURLConnection connection = open("GET", url);
            if (connection.getResponseCode() >= 400) {
                accepted(answer(connection));
            }
            try (InputStream in = connection.getInputStream()) {
                pump(in, sink);
            }
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** Sends a body of any length, and is told of each part that was sent. */
    String upload(String url, String type, InputStream body, Sink sent) {
        try {
            HttpURLConnection connection = open("POST", url);
            connection.setRequestProperty("Content-Type", type);
            connection.setDoOutput(true);
            connection.setChunkedStreamingMode(CHUNK);
            try (OutputStream out = connection.getOutputStream()) {
                pump(body, (bytes, length) -> {
                    out.write(bytes, 0, length);
                    sent.take(bytes, length);
                });
            }
            return accepted(answer(connection));
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    private HttpURLConnection open(String method, String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
        connection.setReadTimeout(readTimeoutMs);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static void pump(InputStream from, Sink to) throws IOException {
        byte[] buffer = new byte[CHUNK];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            to.take(buffer, length);
        }
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            byte[] body = in == null ? new byte[0] : status >= 400 ? in.readNBytes(MAX_ERROR) : in.readAllBytes();
            return new Answer(status, new String(body, StandardCharsets.UTF_8));
        }
    }

    private static String accepted(Answer answer) {
        if (answer.status() < 400) {
            return answer.body();
        }
        throw new CairnException(ErrorCode.ofStatus(answer.status()), message(answer));
    }

    private static String message(Answer answer) {
        String otherwise = "HTTP status " + answer.status();
        try {
            JsonNode error = JsonTree.read(answer.body()).path("error");
            return error.path("message").asText(otherwise);
        } catch (IOException e) {
            // Not the worker's own form: the status says all there is.
            return otherwise;
        }
    }

    private static CairnException refusal(IOException e) {
        if (e instanceof HttpRetryException retry && retry.responseCode() == ErrorCode.UNAUTHORIZED.httpStatus()) {
            return new CairnException(
                    ErrorCode.UNAUTHORIZED, "a bearer token is needed; see the setting http.auth", null, e);
        }
        if (e instanceof ConnectException) {
            return Session.notRunning();
        }
        String why = e instanceof SocketTimeoutException ? "the worker did not answer in time" : "the worker went away";
        return new CairnException(ErrorCode.TIMEOUT, why + " (" + e.getMessage() + ")", null, e);
    }
}
