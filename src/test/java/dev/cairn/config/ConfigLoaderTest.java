package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    Path dir;

    private JsonObject conf(String json) {
        return new JsonObject(json).put("dataDir", dir.toString());
    }

    private CairnConfig load(String conf, Map<String, String> environment, String options) {
        return ConfigLoader.load(conf(conf), environment, new JsonObject(options));
    }

    private CairnConfig load(String conf) {
        return load(conf, Map.of(), "{}");
    }

    @Test
    void defaultsAloneMakeAConfiguration() {
        CairnConfig config = load("{}");
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(37777);
        assertThat(config.observer().provider()).isEqualTo("rules");
        assertThat(config.database()).isEqualTo(dir.resolve("cairn.db"));
    }

    @Test
    void aLaterSourceStandsAboveAnEarlierOne() throws Exception {
        Files.writeString(dir.resolve("settings.json"), "{\"http\":{\"port\":2},\"context\":{\"summaries\":3}}");
        assertThat(load("{\"http\":{\"port\":1}}").http().port()).isEqualTo(2);
        assertThat(load("{}", Map.of("CAIRN_PORT", "3"), "{}").http().port()).isEqualTo(3);
        assertThat(load("{}", Map.of("CAIRN_PORT", "3"), "{\"http\":{\"port\":4}}")
                        .http()
                        .port())
                .isEqualTo(4);
        assertThat(load("{}", Map.of("CAIRN_PORT", "3"), "{}").context().summaries())
                .isEqualTo(3);
    }

    @Test
    void everyKeyHasAnEnvironmentVariable() {
        assertThat(load("{}", Map.of("CAIRN_HTTP_MAXBODYBYTES", "4096"), "{}")
                        .http()
                        .maxBodyBytes())
                .isEqualTo(4096);
        assertThat(load("{}", Map.of("CAIRN_HTTP_MAX_BODY_BYTES", "4096"), "{}")
                        .http()
                        .maxBodyBytes())
                .isEqualTo(4096);
        assertThat(load("{}", Map.of("CAIRN_PROJECT_EXCLUDE", "/a, /b/**"), "{}")
                        .project()
                        .exclude())
                .isEqualTo(List.of("/a", "/b/**"));
        assertThat(load("{}", Map.of("CAIRN_PRIVACY_SECRETS", "off"), "{}")
                        .privacy()
                        .secrets())
                .isFalse();
        assertThat(load("{}", Map.of("CAIRN_LOG_LEVEL", "debug"), "{}").log().level())
                .isEqualTo("debug");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> load("{\"http\":{\"prot\":1}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("http.prot in the conf file is not a setting; the nearest is http.port");
        assertThatThrownBy(() -> load("{\"htpp\":{\"port\":1}}")).hasMessageContaining("htpp");
        assertThatThrownBy(() -> load("{}", Map.of("CAIRN_HTTP_PROT", "1"), "{}"))
                .hasMessageContaining("the nearest is CAIRN_HTTP_PORT");
    }

    @Test
    void aValueThatDoesNotFitIsRefusedByItsKeyAndSource() {
        assertThatThrownBy(() -> load("{\"http\":{\"port\":70000}}"))
                .hasMessage("http.port in the conf file must be a number from 0 to 65535, not '70000'");
        assertThatThrownBy(() -> load("{\"http\":{\"port\":\"x\"}}")).hasMessageContaining("a whole number");
        assertThatThrownBy(() -> load("{\"http\":{\"port\":null}}")).hasMessageContaining("http.port");
        assertThatThrownBy(() -> load("{\"http\":7}")).hasMessageContaining("http");
        assertThatThrownBy(() -> load("{\"http\":{\"allowedHosts\":[1]}}")).hasMessageContaining("a list of texts");
        assertThatThrownBy(() -> load("{\"observer\":{\"provider\":\"magic\"}}"))
                .hasMessage(
                        "observer.provider in the conf file must be one of [rules, claude, anthropic, openai, gemini, custom],"
                                + " not 'magic'");
        assertThatThrownBy(() -> load("{}", Map.of("CAIRN_PORT", "many"), "{}"))
                .hasMessageContaining("the environment variable CAIRN_PORT");
    }

    private static double cpus(CairnConfig config) {
        return config.process().limitsOf("agent").cpus();
    }

    private static String cpus(String value) {
        return "{\"process\":{\"limits\":{\"agent\":{\"cpus\":" + value + "}}}}";
    }

    @Test
    void aDecimalMayBeAFractionOrAWholeNumber() {
        assertThat(cpus(load("{}"))).isZero();
        assertThat(cpus(load(cpus("0.5")))).isEqualTo(0.5);
        assertThat(cpus(load(cpus("2")))).isEqualTo(2);
        assertThat(cpus(load("{}", Map.of("CAIRN_PROCESS_LIMITS_AGENT_CPUS", "0.25"), "{}")))
                .isEqualTo(0.25);
        assertThat(cpus(load("{}", Map.of("CAIRN_PROCESS_LIMITS_AGENT_CPUS", "3"), "{}")))
                .isEqualTo(3);
    }

    @Test
    void aDecimalThatDoesNotFitIsRefused() {
        for (String value : List.of("-0.1", "1024.5", "2000")) {
            assertThatThrownBy(() -> load(cpus(value)))
                    .hasMessage("process.limits.agent.cpus in the conf file must be a number from 0 to 1024, not '"
                            + value + "'");
        }
        for (String value : List.of("\"0.5\"", "1e999", "true", "null")) {
            assertThatThrownBy(() -> load(cpus(value)))
                    .hasMessageContaining("process.limits.agent.cpus in the conf file must be a number, not");
        }
        for (String value : List.of("half", "NaN", "0x1p3", "1,5", "")) {
            assertThatThrownBy(() -> load("{}", Map.of("CAIRN_PROCESS_LIMITS_AGENT_CPUS", value), "{}"))
                    .hasMessageContaining("CAIRN_PROCESS_LIMITS_AGENT_CPUS must be a number");
        }
    }

    @Test
    void aSecretIsNeverShownInAnError() {
        assertThatThrownBy(() -> load("{\"http\":{\"token\":12345678}}"))
                .hasMessageContaining("http.token")
                .hasMessageNotContaining("12345678");
    }

    @Test
    void itNeverListensBeyondTheLoopbackAddress() {
        assertThatThrownBy(() -> load("{\"http\":{\"host\":\"0.0.0.0\"}}"))
                .hasMessage("http.host must be a loopback address such as 127.0.0.1, not '0.0.0.0'");
        assertThatThrownBy(() -> load("{\"http\":{\"host\":\"127.evil.example\"}}"))
                .hasMessageContaining("http.host");
        assertThat(load("{\"http\":{\"host\":\"::1\"}}").http().host()).isEqualTo("::1");
    }

    @Test
    void aTokenIsMadeOnceAndKeptForItsOwner() throws Exception {
        String token = load("{\"http\":{\"auth\":\"token\"}}").http().token();
        assertThat(token).hasSize(64);
        assertThat(load("{\"http\":{\"auth\":\"token\"}}").http().token()).isEqualTo(token);
        assertThat(load("{\"http\":{\"auth\":\"token\",\"token\":\"mine\"}}")
                        .http()
                        .token())
                .isEqualTo("mine");
        assertThat(Files.getPosixFilePermissions(dir.resolve("token")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void aBrokenSettingsFileIsNamed() throws Exception {
        Files.writeString(dir.resolve("settings.json"), "{not json");
        assertThatThrownBy(() -> load("{}")).hasMessageContaining("settings.json");
    }

    @Test
    void theSampleFileHoldsEveryKeyWithItsDefault() throws Exception {
        JsonObject expected = new JsonObject();
        for (Key key : Keys.ALL) {
            if (key.defaultValue() == null) {
                continue;
            }
            JsonObject at = expected;
            String[] path = key.path().split("\\.", -1);
            for (int i = 0; i < path.length - 1; i++) {
                if (!at.containsKey(path[i])) {
                    at.put(path[i], new JsonObject());
                }
                at = at.getJsonObject(path[i]);
            }
            at.put(path[path.length - 1], key.defaultValue());
        }
        // Through text, so that numbers and lists compare as JSON does.
        assertThat(new JsonObject(Files.readString(Path.of("conf/worker.json"))))
                .isEqualTo(new JsonObject(expected.encode()));
    }
}
