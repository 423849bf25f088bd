package dev.cairn.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An ordinary client of {@code GET /stream}. */
final class LiveStream implements AutoCloseable {
    /** One event. */
    record Event(String name, String id, JsonNode data) {}

    private final BufferedReader in;
    private String lastId;

    /** @param lastId what an earlier stream ended with; empty for a new one */
    LiveStream(String url, String lastId) throws Exception {
        this.lastId = lastId;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/stream"));
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        HttpResponse<java.io.InputStream> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    String lastId() {
        return lastId;
    }

    /** The next event, whatever it is; null at the end of the stream. */
    @Nullable
    Event next() throws IOException {
        String name = "";
        String data = "";
        for (String line = line(); line != null; line = line()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !name.isEmpty()) {
                return new Event(name, lastId, WireFormat.mapper().readTree(data));
            }
        }
        return null;
    }

    /** The next event of this name; passes over others. */
    Event next(String name) throws IOException {
        for (Event event = next(); event != null; event = next()) {
            if (event.name().equals(name)) {
                return event;
            }
        }
        throw new IOException("the stream ended before a " + name);
    }

    /** The next line as it is. */
    @Nullable
    String line() throws IOException {
        String line = in.readLine();
        if (line != null && line.startsWith("id: ")) {
            lastId = line.substring(4);
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
