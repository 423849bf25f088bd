package dev.cairn.observer.ask;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The worker's own words to models, by version: a change of meaning is a new version. */
final class Prompts {
    /** The version in use. */
    static final String VERSION = "v1";

    static final String INSTRUCTIONS = read("instructions.txt");
    static final String SCHEMA = read("schema.json");
    private static final String REPAIR = read("repair.txt");

    private Prompts() {}

    /** What is said when an answer could not be used. */
    static String repair(String problem) {
        return REPAIR.replace("{problem}", problem);
    }

    private static String read(String name) {
        String path = "/dev/cairn/observer/prompts/" + VERSION + "/" + name;
        try (InputStream in = Prompts.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
