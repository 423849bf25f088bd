package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What was recorded of the public worker 13.25.3, with made-up data. */
final class Recordings {
    /** @param name its file without the ending */
    record Recording(String name, JsonNode request, JsonNode response) {
        String method() {
            return request.path("method").asText();
        }

        String path() {
            return request.path("path").asText();
        }

        @Override
        public String toString() {
            return name + " " + method() + " " + path();
        }
    }

    private Recordings() {}

    /** Those of a directory, in the order they were recorded in. */
    static List<Recording> of(String directory) {
        try (Stream<Path> files = Files.list(directory(directory))) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+-.*\\.json"))
                    .sorted()
                    .map(Recordings::read)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Recording read(Path file) {
        JsonNode json = json(file);
        String name = file.getFileName().toString().replace(".json", "");
        return new Recording(name, json.path("request"), json.path("response"));
    }

    /** The recorded stream: its head, then the text of each event. */
    static JsonNode stream() {
        return json(directory("http-api").resolve("sse-stream.json"));
    }

    private static JsonNode json(Path file) {
        try {
            return WireFormat.mapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    private static Path directory(String name) {
        try {
            return Path.of(Recordings.class.getResource("/compat/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
