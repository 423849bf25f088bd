package dev.cairn.http.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginVersionTest {
    @TempDir
    Path home;

    private Path install(Path claude, String version) throws IOException {
        Path plugin = claude.resolve("plugins/cache/thedotmack/claude-mem").resolve(version);
        Files.createDirectories(plugin.resolve("scripts"));
        Files.writeString(plugin.resolve("scripts/worker-service.cjs"), "");
        return plugin;
    }

    private String told(String setting, Map<String, String> environment) {
        return new PluginVersion(setting, "0.1.0", environment, home.toString()).look();
    }

    @Test
    @DisplayName("auto: the highest version that is installed and in use, by its numbers")
    void theHighestInUse() throws Exception {
        assertThat(told("auto", Map.of())).as("none").isEqualTo("0.1.0");
        Path claude = home.resolve(".claude");
        install(claude, "13.9.0");
        install(claude, "13.25.3");
        install(claude, "13.25.3-beta.1");
        Files.writeString(install(claude, "14.0.0").resolve(".orphaned_at"), "now");
        Files.createDirectories(claude.resolve("plugins/cache/thedotmack/claude-mem/99.0.0"));
        Files.createDirectories(claude.resolve("plugins/cache/thedotmack/claude-mem/notes"));
        assertThat(told("auto", Map.of())).isEqualTo("13.25.3");
    }

    @Test
    @DisplayName("auto: the marketplace's own copy counts too, and the configuration directory may be another")
    void otherPlaces() throws Exception {
        Path other = home.resolve("elsewhere");
        install(other, "13.9.0");
        Path marketplace = other.resolve("plugins/marketplaces/thedotmack");
        Files.createDirectories(marketplace.resolve("plugin/scripts"));
        Files.writeString(marketplace.resolve("plugin/scripts/worker-service.cjs"), "");
        Files.writeString(marketplace.resolve("package.json"), "{\"version\":\"13.30.0\"}");
        Map<String, String> environment = Map.of("CLAUDE_CONFIG_DIR", other.toString());
        assertThat(told("auto", environment)).isEqualTo("13.30.0");
        Files.writeString(marketplace.resolve("package.json"), "no JSON");
        assertThat(told("auto", environment)).isEqualTo("13.9.0");
    }

    @Test
    void aVersionThatIsSetIsTold() {
        assertThat(told("13.1.2", Map.of())).isEqualTo("13.1.2");
    }
}
