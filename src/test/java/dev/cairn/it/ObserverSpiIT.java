package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider of the page {@code observer-spi.md}, compiled from the page, on the class path of the real worker. */
class ObserverSpiIT {
    private static final Path PAGE = Path.of("src/site/markdown/observer-spi.md");
    private static final String SERVICE = "META-INF/services/dev.cairn.observer.spi.ModelProvider";

    @TempDir
    Path dir;

    /** The page's example as a jar, its class and its provider called like this. */
    private Path jar(String type, String name) throws Exception {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(code.find()).as("the page has an example").isTrue();
        String source = code.group(1).replace("FirstLines", type).replace("\"first-lines\"", "\"" + name + "\"");
        Path sources = Files.createDirectories(dir.resolve(name));
        Path file = Files.writeString(sources.resolve(type + ".java"), source);
        Path classes = Files.createDirectories(dir.resolve(name + "-classes"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), "-cp", WorkerProcess.JAR.toString(), file.toString());
        assertThat(result).as("the page's example compiles").isZero();
        Path services = classes.resolve(SERVICE);
        Files.createDirectories(services.getParent());
        Files.writeString(services, "com.example." + type + "\n");
        Path jar = dir.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                out.write(Files.readAllBytes(each));
            }
        }
        return jar;
    }

    private WorkerProcess worker(Map<String, String> more, Path... jars) throws Exception {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("CAIRN_OBSERVER_PROVIDER", "custom");
        StringBuilder classPath =
                new StringBuilder(WorkerProcess.JAR.toAbsolutePath().toString());
        for (Path jar : jars) {
            classPath.append(File.pathSeparator).append(jar);
        }
        Path data = Files.createDirectories(dir.resolve("data"));
        return WorkerProcess.launchMain(data, settings, classPath.toString(), "dev.cairn.worker.Main");
    }

    @Test
    @DisplayName("a provider in a jar on the class path, as the page has it, observes and is accounted for")
    void aJarOnTheClassPathObserves() throws Exception {
        try (WorkerProcess worker =
                worker(Map.of("CAIRN_OBSERVER_CUSTOM_OPTIONS", "type=discovery"), jar("FirstLines", "first-lines"))) {
            worker.awaitReady();
            Api api = worker.api();
            Observing.turn(api, "s", 1, 2);
            Observing.drained(api, 1, Duration.ofSeconds(60));
            List<JsonNode> observations = Observing.all(api, "/api/observations");
            assertThat(observations)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.path("type").asText()).isEqualTo("discovery"));
            assertThat(observations.get(0).path("title").asText()).isEqualTo("Write was used");
            JsonNode usage = api.get("/api/usage?by=provider,model").json().at("/items/0");
            assertThat(usage.path("provider").asText()).isEqualTo("custom");
            assertThat(usage.path("calls").asInt()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "with two providers on the class path and none named the start is refused, naming both; named, one is used")
    void oneOfTwoMustBeNamed() throws Exception {
        Path one = jar("FirstLines", "first-lines");
        Path two = jar("OtherLines", "other-lines");
        try (WorkerProcess worker = worker(Map.of(), one, two)) {
            assertThat(worker.awaitExit()).isNotZero();
            assertThat(String.join("\n", worker.errors()))
                    .contains("observer.custom.provider", "[first-lines, other-lines]");
        }
        Map<String, String> named = Map.of(
                "CAIRN_OBSERVER_CUSTOM_PROVIDER", "other-lines", "CAIRN_OBSERVER_CUSTOM_OPTIONS", "type=decision");
        try (WorkerProcess worker = worker(named, one, two)) {
            worker.awaitReady();
            Observing.turn(worker.api(), "s", 1, 1);
            Observing.drained(worker.api(), 1, Duration.ofSeconds(60));
            assertThat(Observing.all(worker.api(), "/api/observations")
                            .get(0)
                            .path("type")
                            .asText())
                    .isEqualTo("decision");
        }
    }
}
