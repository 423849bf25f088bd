package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.InstanceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ecosystem file, run by the real PM2. */
class PmTwoIT {
    private static final String VERSION = "7.0.4";
    private static final Path HOME = Path.of("target/pm2-" + VERSION).toAbsolutePath();
    private static final Path PROGRAM = HOME.resolve("node_modules/pm2/bin/pm2");
    private static final Path ECOSYSTEM =
            Path.of("deploy/pm2/ecosystem.config.cjs").toAbsolutePath();

    @TempDir
    Path dir;

    private Path data;
    private long daemon;

    @BeforeEach
    void install() throws Exception {
        Path npm = Tools.require("npm");
        Tools.require("node");
        data = Files.createDirectory(dir.resolve("data"));
        if (!Files.exists(PROGRAM)) {
            Files.createDirectories(HOME);
            Tools.Run install = Tools.run(
                    dir,
                    Map.of(),
                    List.of(
                            npm.toString(),
                            "install",
                            "--no-fund",
                            "--no-audit",
                            "--omit=optional",
                            "--prefix",
                            HOME.toString(),
                            "pm2@" + VERSION));
            Tools.requireThat(install.exitCode() == 0, "npm has no pm2 " + VERSION + ": " + install.output());
        }
        assertThat(pm2("ping").exitCode()).isZero();
        daemon = Long.parseLong(Files.readString(dir.resolve("pm2/pm2.pid")).strip());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (daemon == 0) {
            return;
        }
        List<ProcessHandle> started =
                ProcessHandle.of(daemon).map(it -> it.descendants().toList()).orElse(List.of());
        pm2("kill");
        List<ProcessHandle> ending = new ArrayList<>(started);
        ProcessHandle.of(daemon).ifPresent(ending::add);
        for (ProcessHandle process : ending) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(InstanceFile.read(data)).isEmpty();
    }

    private Tools.Run pm2(String... arguments) throws Exception {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PM2_HOME",
                dir.resolve("pm2").toString(),
                "PM2_KILL_SIGNAL",
                "SIGTERM",
                "CAIRN_JAR",
                WorkerProcess.JAR.toAbsolutePath().toString(),
                "CAIRN_DATA_DIR",
                data.toString(),
                "CAIRN_PORT",
                "0",
                "CAIRN_VECTOR_MODE",
                "off"));
        List<String> command = new ArrayList<>(List.of(Tools.require("node").toString(), PROGRAM.toString()));
        command.addAll(List.of(arguments));
        return Tools.run(dir, environment, command);
    }

    private JsonNode app() throws Exception {
        String output = pm2("jlist").output();
        return WireFormat.mapper()
                .readTree(output.substring(output.indexOf('[')))
                .path(0);
    }

    @Test
    void itStartsWhenItIsReadyRestartsAfterACrashAndStopsInOrder() throws Exception {
        Tools.Run start = pm2("start", ECOSYSTEM.toString());
        assertThat(start.exitCode()).as(start.output()).isZero();
        // No waiting here: PM2 waited for the worker's word.
        InstanceFile first = InstanceFile.read(data).orElseThrow(() -> new AssertionError(start.output()));
        assertThat(new Api(first.url()).get("/health/ready").status()).isEqualTo(200);
        assertThat(app().at("/pm2_env/status").asText()).isEqualTo("online");
        assertThat(app().path("pid").asLong()).isEqualTo(first.pid());

        ProcessHandle crashed = ProcessHandle.of(first.pid()).orElseThrow();
        crashed.destroyForcibly();
        crashed.onExit().get(30, TimeUnit.SECONDS);
        InstanceFile second = awaitAnother(first.pid());

        assertThat(pm2("stop", "cairn").exitCode()).isZero();
        assertThat(ProcessHandle.of(second.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
        assertThat(InstanceFile.read(data)).as("it stopped, it was not killed").isEmpty();
        assertThat(Files.readString(data.resolve("logs/cairn.log"))).contains("Stopped worker in");
        assertThat(app().at("/pm2_env/status").asText()).isEqualTo("stopped");
        assertThat(app().at("/pm2_env/exit_code").asInt()).isEqualTo(143);
    }

    @Test
    void aWrongSettingIsNotTriedAgain() throws Exception {
        Files.writeString(data.resolve("settings.json"), "{\"http\":{\"prot\":1}}");
        pm2("start", ECOSYSTEM.toString());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        JsonNode app = app();
        while (!app.at("/pm2_env/status").asText().equals("stopped")) {
            // Not the whole of what PM2 tells: it has every variable of the environment.
            assertThat(System.nanoTime())
                    .as("it is %s", app.at("/pm2_env/status"))
                    .isLessThan(deadline);
            app = app();
        }
        assertThat(app.at("/pm2_env/exit_code").asInt()).isEqualTo(2);
        assertThat(app.at("/pm2_env/restart_time").asInt()).isZero();
    }

    private InstanceFile awaitAnother(long pid) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            var now = InstanceFile.read(data).filter(file -> file.pid() != pid);
            if (now.isPresent()) {
                return now.get();
            }
            assertThat(System.nanoTime()).as("not started again").isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
