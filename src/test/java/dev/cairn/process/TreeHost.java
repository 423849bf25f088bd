package dev.cairn.process;

import dev.cairn.config.ConfigLoader;
import dev.cairn.config.ProcessConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A JVM with real children, to be ended in every way there is: {@code TreeHost DIR OWNERSHIP TREES [ACTION]}, with the
 * trees' mark in {@code MARK}: in the arguments it would count the host itself.
 *
 * <p>{@code CGROUP} is {@code auto} or {@code off}. OWNERSHIP is {@code cairn}, or {@code plain} for what a program does that knows {@code Process.destroy()} alone. Prints
 * {@code standing} when its trees stand.
 */
public final class TreeHost {
    private TreeHost() {}

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[0]);
        String mark = System.getenv("MARK");
        List<Trees.Mode> trees = new ArrayList<>();
        for (String mode : args[2].split(",", -1)) {
            trees.add(Trees.Mode.valueOf(mode));
        }
        String action = args.length > 3 ? args[3] : "";
        if (args[1].equals("plain")) {
            plain(trees, mark);
        } else {
            owned(dir, trees, mark, action);
        }
        if (!action.equals("midway")) {
            // An orphan is ended as soon as its root is, where somebody owns it.
            boolean owned = !args[1].equals("plain");
            int size = trees.stream()
                    .filter(mode -> !(owned && mode == Trees.Mode.ORPHAN))
                    .mapToInt(Trees::size)
                    .sum();
            Trees.await("the trees stand", 10_000, () -> Trees.alive(mark).size() >= size);
        }
        System.out.println("standing");
        switch (action) {
            case "halt" -> Runtime.getRuntime().halt(1);
            case "oom" -> exhaustMemory();
            case "segv" -> crash();
            default -> new CountDownLatch(1).await();
        }
    }

    private static void plain(List<Trees.Mode> trees, String mark) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (Trees.Mode mode : trees) {
            processes.add(new ProcessBuilder(Trees.argv(mode, mark)).start());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> processes.forEach(Process::destroy)));
    }

    private static void owned(Path dir, List<Trees.Mode> trees, String mark, String action) throws Exception {
        Vertx vertx = Vertx.vertx();
        ProcessConfig config = ConfigLoader.of(new JsonObject()
                        .put("dataDir", dir.toString())
                        .put("process", new JsonObject().put("cgroup", System.getenv("CGROUP"))))
                .process();
        Supervisor supervisor = Supervisor.open(
                vertx,
                config,
                dir,
                true,
                new SpawnGate(),
                new ProcessFigures(new SimpleMeterRegistry(), (what, kind, message) -> {}));
        supervisor.release();
        System.out.println("layers " + supervisor.layers());
        System.out.println("reaped " + supervisor.reaped().reaped().size());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                supervisor.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        ChildOwner owner = supervisor.owner("host");
        List<Future<Child>> spawning = new ArrayList<>();
        for (Trees.Mode mode : trees) {
            spawning.add(owner.spawn(Trees.spec(mode, mark)));
        }
        if (!action.equals("midway")) {
            Future.all(spawning).toCompletionStage().toCompletableFuture().get();
            tellOfGuardians(supervisor.guardian());
            if (action.equals("orphaned")) {
                // Until the sweep has learnt of every process that left its tree.
                Thread.sleep(2 * config.sweepMs() + 100);
            }
        }
    }

    /** Prints the guardian's number whenever it is a new one. */
    private static void tellOfGuardians(Guardian guardian) {
        long first = guardian.pid();
        System.out.println("guardian " + first);
        Thread watch = new Thread(() -> {
            Trees.await(
                    "another guardian", Long.MAX_VALUE / 2_000_000, () -> guardian.alive() && guardian.pid() != first);
            System.out.println("guardian " + guardian.pid());
        });
        watch.setDaemon(true);
        watch.start();
    }

    private static void exhaustMemory() {
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[16 * 1024 * 1024]);
        }
    }

    private static void crash() throws Exception {
        LinuxPlatform platform = new LinuxPlatform();
        long self = ProcessHandle.current().pid();
        Proc me = platform.read(self);
        if (me != null) {
            platform.signal(self, me.startedAt(), 11);
        }
        new CountDownLatch(1).await();
    }
}
