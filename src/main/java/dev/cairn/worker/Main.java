package dev.cairn.worker;

import dev.cairn.cli.CommandLineMain;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.store.foreign.ClaudeMemFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The jar's entry: the worker in the foreground, or one of the commands. */
public final class Main {
    private static final Set<String> HELP = Set.of("-h", "-help", "--help", "help");
    static final Set<String> CONF = Set.of("-conf", "--conf");

    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String[] args) {
        Logging.silence();
        if (args.length > 0 && HELP.contains(args[0])) {
            System.out.print(help());
            return 0;
        }
        if (args.length > 0 && args[0].equals("--version")) {
            System.out.println("cairn " + Version.current());
            return 0;
        }
        if (args.length > 0 && args[0].equals(SearchServerMain.COMMAND)) {
            return SearchServerMain.run(args);
        }
        if (args.length > 0 && !args[0].startsWith("-")) {
            Logging.none();
            return CommandLineMain.run(
                    args, Version::current, new BackgroundStart(), new StoreDoctor(), ClaudeMemFile::open);
        }
        return runWorker(args);
    }

    private static int runWorker(String[] args) {
        CairnConfig config;
        try {
            config = config(args, new JsonObject());
            DataDirectory.prepare(config.dataDir());
        } catch (ConfigException e) {
            System.err.println("cairn: " + e.getMessage());
            return 2;
        } catch (CairnException e) {
            System.err.println("cairn: " + e.getMessage());
            return 1;
        }
        HeadStart.begin();
        prepareLogging(config);
        return new Launcher(args, config).run();
    }

    private static void prepareLogging(CairnConfig config) {
        Logging.setDefault("hazelcast.logging.type", "slf4j");
        Logging.begin(config.dataDir().resolve("logs"), config.log());
    }

    /**
     * The configuration from the arguments and the environment.
     *
     * @param above stands above everything else
     * @throws ConfigException for what cannot be read or is not known
     */
    static CairnConfig config(String[] args, JsonObject above) {
        Conf conf = conf(args);
        return ConfigLoader.load(
                conf.file(), System.getenv(), conf.inline().copy().mergeIn(above, true));
    }

    private record Conf(JsonObject file, JsonObject inline) {}

    private static Conf conf(String[] args) {
        JsonObject file = new JsonObject();
        JsonObject inline = new JsonObject();
        for (int i = 0; i < args.length; i++) {
            if (!CONF.contains(args[i])) {
                continue;
            }
            if (i + 1 == args.length) {
                throw new ConfigException("-conf needs a file or a JSON object");
            }
            String value = args[i + 1];
            if (value.stripLeading().startsWith("{")) {
                inline = parse(value, "-conf");
            } else {
                file = parse(read(Path.of(value)), value);
            }
        }
        return new Conf(file, inline);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigException("the conf file " + file + " is not readable ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private static JsonObject parse(String json, String source) {
        try {
            return new JsonObject(json);
        } catch (DecodeException e) {
            throw new ConfigException(source + " is not a JSON object: " + e.getMessage());
        }
    }

    private static String help() {
        try (InputStream in = Main.class.getResourceAsStream("/dev/cairn/worker/help.txt")) {
            if (in == null) {
                throw new IllegalStateException("help.txt is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("${version}", Version.current());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
