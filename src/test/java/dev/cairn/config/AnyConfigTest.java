package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a configuration file or a variable holds: it makes a configuration, or is refused with the key's name. */
class AnyConfigTest {
    private static final int FILES = 3_000;

    @TempDir
    Path dir;

    @Test
    @DisplayName("H7: any configuration is read or refused by the key's name")
    void anyConfigurationIsReadOrRefused() {
        Random random = new Random(20261122);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            Key key = Keys.ALL.get(random.nextInt(Keys.ALL.size()));
            if (key.path().equals("dataDir")) {
                continue;
            }
            JsonObject conf = new JsonObject().put("dataDir", dir.toString());
            Map<String, String> environment = Map.of();
            Object value = any(random, 2);
            if (random.nextBoolean()) {
                put(conf, List.of(key.path().split("\\.", -1)), value);
            } else {
                environment = Map.of(
                        "CAIRN_" + key.path().replace('.', '_').toUpperCase(java.util.Locale.ROOT),
                        String.valueOf(value));
            }
            try {
                assertThat(ConfigLoader.load(conf, environment, new JsonObject()))
                        .isNotNull();
            } catch (ConfigException refusal) {
                refused++;
                String section = key.path().split("\\.", -1)[0];
                assertThat(refusal.getMessage())
                        .as("%s = %s", key.path(), value)
                        .containsIgnoringCase(section);
            }
        }
        assertThat(refused).isBetween(FILES / 4, FILES - 100);
    }

    private static void put(JsonObject into, List<String> path, Object value) {
        JsonObject at = into;
        for (String name : path.subList(0, path.size() - 1)) {
            JsonObject below = new JsonObject();
            at.put(name, below);
            at = below;
        }
        at.put(path.get(path.size() - 1), value);
    }

    private static Object any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextInt(100_000);
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble() * 1e300;
            case 4 -> "";
            case 5 -> "127.0.0.1";
            case 6 -> "token";
            case 7 ->
                random.ints(random.nextInt(20), 1, 0x3000)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            case 8 -> new JsonArray().add(any(random, depth - 1));
            default -> new JsonObject().put("x", any(random, depth - 1));
        };
    }
}
