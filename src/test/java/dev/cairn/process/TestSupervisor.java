package dev.cairn.process;

import dev.cairn.config.ConfigLoader;
import dev.cairn.config.ProcessConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A supervisor that is ready, as a worker has it, and what it told. */
final class TestSupervisor implements AutoCloseable {
    /** What was told, by whom it concerns. */
    record Alert(String what, String kind, String message) {}

    final Vertx vertx = Vertx.vertx();
    final SpawnGate gate = new SpawnGate();
    final List<Alert> alerts = new CopyOnWriteArrayList<>();
    final Supervisor supervisor;

    private TestSupervisor(Path dir, JsonObject process, boolean exclusive, long cpuWindowMs) throws Exception {
        ProcessConfig config = ConfigLoader.of(
                        new JsonObject().put("dataDir", dir.toString()).put("process", process))
                .process();
        supervisor = new Supervisor(
                vertx,
                config,
                dir,
                exclusive,
                gate,
                new ProcessFigures(
                        new SimpleMeterRegistry(), (what, kind, message) -> alerts.add(new Alert(what, kind, message))),
                new LimitCheck(config, cpuWindowMs));
        supervisor.release();
    }

    /** @param process the settings under {@code process}, as JSON */
    static TestSupervisor open(Path dir, String process) throws Exception {
        return open(dir, process, LimitCheck.CPU_WINDOW_MS);
    }

    static TestSupervisor open(Path dir, String process, long cpuWindowMs) throws Exception {
        return new TestSupervisor(dir, new JsonObject(process), true, cpuWindowMs);
    }

    /** In a JVM that others use too. */
    static TestSupervisor openBeside(Path dir, String process) throws Exception {
        return new TestSupervisor(dir, new JsonObject(process), false, LimitCheck.CPU_WINDOW_MS);
    }

    /** A child of kind agent with short graces. */
    static ChildSpec plain(String... argv) {
        return spec("agent", 200, 300, argv);
    }

    static ChildSpec spec(String kind, long eofGraceMs, long termGraceMs, String... argv) {
        return new ChildSpec(
                kind, List.of(argv), Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), eofGraceMs, termGraceMs);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A signal to a process of the test's own, by its name. */
    static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    }

    @Override
    public void close() throws Exception {
        supervisor.close();
        await(vertx.close());
    }
}
