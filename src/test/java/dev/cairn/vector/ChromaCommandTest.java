package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.ConfigLoader;
import dev.cairn.config.VectorConfig;
import dev.cairn.process.ChildSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromaCommandTest {
    @TempDir
    Path directory;

    private final Map<String, String> shell = new TreeMap<>();
    private ChromaFiles files;

    @BeforeEach
    void prepare() {
        files = new ChromaFiles(directory);
        files.prepare();
        shell.put("HOME", directory.toString());
        shell.put("PATH", "/usr/bin");
    }

    private static VectorConfig config(String... command) {
        JsonObject chroma = new JsonObject().put("command", new JsonArray(List.of(command)));
        JsonObject vector = new JsonObject().put("mode", "chroma-mcp").put("chroma", chroma);
        return ConfigLoader.of(new JsonObject().put("vector", vector)).vector();
    }

    private ChromaCommand command(String... configured) {
        return new ChromaCommand(config(configured), 1_500, files, shell);
    }

    @Test
    @DisplayName("G6: a Python environment of the launching shell is not passed on")
    void thePythonEnvironmentIsNotPassedOn() {
        for (String name :
                List.of("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "X")) {
            shell.put(name, "/elsewhere");
        }
        shell.put("HTTPS_PROXY", "http://proxy");
        shell.put("UV_CACHE_DIR", "/cache");

        for (ChildSpec spec : List.of(
                command().server(), command("chroma").server(), command().installation())) {
            assertThat(spec.environment())
                    .containsEntry("HTTPS_PROXY", "http://proxy")
                    .containsEntry("UV_CACHE_DIR", "/cache")
                    .containsEntry("ANONYMIZED_TELEMETRY", "False")
                    .doesNotContainValue("/elsewhere");
            assertThat(spec.directory()).isEmptyDirectory();
        }
    }

    @Test
    void theDefaultIsPinnedAndOfflineOnceInstalled() {
        ChildSpec server = command().server();

        assertThat(server.argv())
                .containsSubsequence("--constraints", files.constraints().toString(), "--from", "chroma-mcp==0.2.6")
                .endsWith(
                        "--client-type",
                        "persistent",
                        "--data-dir",
                        files.database().toString());
        assertThat(server.environment()).containsEntry("UV_OFFLINE", "1").containsEntry("UV_PYTHON_DOWNLOADS", "never");
        assertThat(command().installation().environment()).doesNotContainKey("UV_OFFLINE");
        assertThat(files.constraints())
                .content()
                .contains("\nchroma-mcp==0.2.6\n")
                .contains("\nmcp==1.6.0\n");
    }

    @Test
    void aConfiguredCommandIsTakenAsItIs() {
        ChromaCommand command = command("/opt/chroma", "--flag");

        assertThat(command.installable()).isFalse();
        assertThat(command.server().argv()).containsExactly("/opt/chroma", "--flag");
        assertThat(command.server().environment())
                .containsEntry("CHROMA_DATA_DIR", files.database().toString())
                .doesNotContainKey("UV_OFFLINE");
    }

    @Test
    void uvIsFoundWherePipPutsIt() throws Exception {
        Path bin = Files.createDirectories(directory.resolve(".local/bin"));
        Path uvx = Files.createFile(bin.resolve("uvx"));
        assertThat(uvx.toFile().setExecutable(true)).isTrue();
        shell.put("PATH", directory.toString());

        assertThat(command().server().argv()).startsWith(uvx.toString());
    }

    @Test
    void thePackageIndexComesFromPipsSettings() throws Exception {
        Path config = Files.createDirectories(directory.resolve(".config/pip")).resolve("pip.conf");
        Files.writeString(
                config,
                "[global]\nindex-url = https://one.example/simple\nextra-index-url =\n    https://two.example/simple\n"
                        + "    https://three.example/simple\n[download]\nindex-url = https://other.example\n");

        assertThat(command().installation().environment())
                .containsEntry("UV_DEFAULT_INDEX", "https://one.example/simple")
                .containsEntry("UV_INDEX", "https://two.example/simple https://three.example/simple");

        shell.put("PIP_INDEX_URL", "https://four.example/simple");
        assertThat(command().installation().environment())
                .containsEntry("UV_DEFAULT_INDEX", "https://four.example/simple");

        shell.put("UV_DEFAULT_INDEX", "https://uv.example/simple");
        assertThat(command().installation().environment())
                .containsEntry("UV_DEFAULT_INDEX", "https://uv.example/simple");
    }

    @Test
    @DisplayName("G3: the second worker on a directory does not get the right to write")
    void oneWriterPerDirectory() throws Exception {
        FileChannel first = files.lock();
        assertThat(first).isNotNull();
        assertThat(files.lock()).isNull();

        first.close();
        try (FileChannel next = files.lock()) {
            assertThat(next).isNotNull();
        }
    }

    @Test
    void aBrokenDatabaseIsPutAsideOverTheLastOne() throws Exception {
        for (String content : List.of("first", "second")) {
            Files.writeString(files.database().resolve("chroma.sqlite3"), content);
            files.putAside();
        }

        assertThat(files.database()).isEmptyDirectory();
        assertThat(directory.resolve("chroma/db.broken/chroma.sqlite3")).hasContent("second");
    }
}
