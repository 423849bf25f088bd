package dev.cairn.search;

import dev.cairn.config.CairnConfig;
import dev.cairn.config.ProcessConfig.Limits;
import dev.cairn.config.VectorConfig;
import dev.cairn.process.ChildEnvironment;
import dev.cairn.process.ChildSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the search server is started. */
final class SearchServerCommand {
    static final String KIND = "search";

    /** A short start, a small heap and no more threads than needed, rather than speed after hours. */
    private static final List<String> JVM =
            List.of("-XX:TieredStopAtLevel=1", "-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-Xshare:auto");

    /** Properties that a user may have given the worker's JVM for a reason that holds for this one too. */
    private static final List<String> PASSED_ON = List.of(
            "java.io.tmpdir",
            "org.sqlite.tmpdir",
            "user.home",
            "javax.net.ssl.trustStore",
            "javax.net.ssl.trustStoreType");

    private static final String TOKEN = "CAIRN_VECTOR_CHROMA_TOKEN";

    private SearchServerCommand() {}

    static ChildSpec spec(CairnConfig config) {
        return new ChildSpec(
                KIND,
                config.search().command().isEmpty()
                        ? ownJar(config)
                        : config.search().command(),
                environment(config, System.getenv()),
                config.dataDir(),
                ChildSpec.EOF_GRACE_MS,
                config.process().graceMs());
    }

    private static List<String> ownJar(CairnConfig config) {
        List<String> argv = new ArrayList<>();
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(JVM);
        for (String name : PASSED_ON) {
            String value = System.getProperty(name);
            if (value != null) {
                argv.add("-D" + name + "=" + value);
            }
        }
        argv.add("-cp");
        argv.add(absolute(System.getProperty("java.class.path")));
        argv.add("dev.cairn.worker.Main");
        argv.add("search-server");
        argv.add("-conf");
        argv.add(settings(config).encode());
        return argv;
    }

    static Map<String, String> environment(CairnConfig config, Map<String, String> own) {
        if (config.vector().ownsProcess()) {
            return ChildEnvironment.aboveUv(own);
        }
        Map<String, String> some = ChildEnvironment.local(own);
        String token = config.vector().server().token();
        if (config.vector().mode().equals("chroma-http") && token != null) {
            // Not among the arguments, which every user of the machine may read.
            some.put(TOKEN, token);
        }
        return some;
    }

    /** What the child needs of the worker's configuration; the rest it must not see. */
    static JsonObject settings(CairnConfig config) {
        JsonObject settings = new JsonObject()
                .put("dataDir", config.dataDir().toString())
                .put("store", new JsonObject().put("readers", config.store().readers()))
                .put("log", new JsonObject().put("level", config.log().level()))
                .put("vector", vector(config.vector()));
        if (config.vector().ownsProcess()) {
            Limits chroma = config.process().limitsOf("chroma");
            settings.put(
                    "process",
                    new JsonObject()
                            .put("graceMs", config.process().graceMs())
                            .put(
                                    "limits",
                                    new JsonObject()
                                            .put(
                                                    "chroma",
                                                    new JsonObject()
                                                            .put("openFiles", chroma.openFiles())
                                                            .put("idleMs", chroma.idleMs()))));
        }
        return settings;
    }

    private static JsonObject vector(VectorConfig config) {
        JsonObject vector = new JsonObject().put("mode", config.mode()).put("model", config.model());
        return switch (config.mode()) {
            case "chroma-mcp" ->
                vector.put(
                        "chroma",
                        new JsonObject()
                                .put("command", new JsonArray(config.chromaCommand()))
                                .put("connectMs", config.connectMs()));
            case "chroma-http" ->
                vector.put(
                        "chroma",
                        new JsonObject()
                                .put("url", config.server().url().toString())
                                .put("tenant", config.server().tenant())
                                .put("database", config.server().database()));
            default -> vector;
        };
    }

    /** The child's working directory is another. */
    static String absolute(String classPath) {
        return Arrays.stream(classPath.split(Pattern.quote(File.pathSeparator), -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
