package dev.cairn.process;

import dev.cairn.config.OwnerOnly;
import dev.cairn.config.ProcessConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Owns every child of a worker. A child passes the gate, stands in the registry and is marked before it exists; from then on
 * its tree ends with its owner's stop, with the worker's, or by the guardian when the worker is gone. Thread-safe; methods that
 * block say so.
 */
public final class Supervisor {
    /** Forks share the machine with what they serve. */
    private static final int SPAWNERS = 4;

    private static final long DISMISS_MS = 500;

    private final ProcessConfig config;
    private final Path directory;
    private final String install;
    private final String generation =
            UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private final Platform platform;
    private final SpawnGate gate;
    private final Proc self;
    private final Map<Integer, OwnedChild> children = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService spawners = DaemonThreads.pool("cairn-spawn", SPAWNERS);
    private final Kinship kinship;
    private final Enders enders;
    private final ChildObserver observers;
    private final @Nullable Cgroup cgroup;
    private final Births births;
    private final Guardian guardian;
    private final Registry registry;
    private final Sweeper sweeper;
    private final Reaper.Report reaped;
    private final boolean adopts;

    Supervisor(
            Vertx vertx,
            ProcessConfig config,
            Path dataDir,
            boolean exclusive,
            SpawnGate gate,
            ChildObserver observers,
            LimitCheck limits)
            throws IOException, InterruptedException {
        this.config = config;
        this.gate = gate;
        this.observers = observers;
        directory = dataDir.resolve("processes");
        OwnerOnly.directory(directory);
        platform = Platform.current();
        install = Cookie.installOf(dataDir.toRealPath());
        Proc me = platform.read(ProcessHandle.current().pid());
        if (me == null) {
            throw new IOException("this process cannot see itself");
        }
        self = me;
        reaped = new Reaper(platform, directory, install, generation).reap();
        adopts = platform.adoptOrphans();
        cgroup = config.cgroups() ? Cgroup.create(install, generation) : null;
        String prefix = Cookie.prefix(install, generation);
        guardian = new Guardian(prefix, cgroup);
        registry = Registry.create(directory, generation, self, platform.bootId());
        births = new Births(
                vertx, config, platform, registry, guardian, cgroup, self, new Cookie(install, generation, 0));
        kinship = new Kinship(platform, self.pid(), prefix);
        sweeper = new Sweeper(this, limits, new Zombies(platform, self, exclusive), exclusive && adopts);
        enders = new Enders(this, new Terminator(platform, this::members));
    }

    /**
     * Ends what earlier generations left, then stands ready. Blocks, at most about three seconds.
     *
     * @param dataDir the directory whose instance lock the caller holds
     * @param exclusive whether nothing else in this JVM starts processes, so that whatever is handed to it is a child's
     */
    static Supervisor open(
            Vertx vertx, ProcessConfig config, Path dataDir, boolean exclusive, SpawnGate gate, ChildObserver observers)
            throws IOException, InterruptedException {
        LimitCheck limits = new LimitCheck(config, LimitCheck.CPU_WINDOW_MS);
        return new Supervisor(vertx, config, dataDir, exclusive, gate, observers, limits);
    }

    ProcessConfig config() {
        return config;
    }

    Platform platform() {
        return platform;
    }

    /** This process, as it was at the start. */
    Proc self() {
        return self;
    }

    SpawnGate gate() {
        return gate;
    }

    Guardian guardian() {
        return guardian;
    }

    Registry registry() {
        return registry;
    }

    ChildObserver observers() {
        return observers;
    }

    Sweeper sweeper() {
        return sweeper;
    }

    Reaper.Report reaped() {
        return reaped;
    }

    Collection<OwnedChild> children() {
        return children.values();
    }

    /** What the layers below are called, for people. */
    List<String> layers() {
        List<String> layers = new ArrayList<>(List.of("gate", "registry", "reaper"));
        if (births.sessions()) {
            layers.add("session");
        }
        if (Guardian.possible()) {
            layers.add("guardian");
        }
        layers.addAll(platform.layers());
        if (cgroup != null) {
            layers.add("cgroup");
        }
        return List.copyOf(layers);
    }

    /** A look at these processes with the eyes of this worker. */
    Kinship.View view(Map<Long, Proc> seen) {
        return kinship.view(seen, children.values(), List.of(guardian.pid()));
    }

    /** Whether it bears the mark of this worker's children. */
    boolean marked(Proc proc) {
        return kinship.marked(proc);
    }

    /**
     * Everything of a child, after a look at all processes. What was handed to this process and is surely some child's may be
     * this one's: it goes with the first child that ends.
     */
    private List<Proc> members(OwnedChild child) {
        Kinship.View view = view(platform.all());
        List<Proc> suspects = sweeper.ours(view.strangers());
        if (suspects.isEmpty()) {
            return view.of(child);
        }
        // One that is being entered in the books right now is in them after this.
        gate.awaitPassing();
        Kinship.View again = view(platform.all());
        List<Proc> all = new ArrayList<>(again.of(child));
        for (Proc proc : again.strangers()) {
            boolean suspected = suspects.stream().anyMatch(before -> before.same(proc.pid(), proc.startedAt()));
            if (suspected && proc.startedAt() >= child.startedAt()) {
                all.add(proc);
            }
        }
        return all;
    }

    /** Below this process where orphans are handed to it, else everywhere. */
    Map<Long, Proc> surroundings() {
        return adopts ? platform.below() : platform.all();
    }

    /** A verticle's share of the children. */
    public ChildOwner owner(String name) {
        return new Share(name, this);
    }

    Future<Child> spawn(ChildSpec spec, String owner) {
        CompletableFuture<Child> ready = new CompletableFuture<>();
        var unused = released.thenRun(() -> enqueue(spec, owner, ready));
        return OwnedChild.onCallersContext(ready);
    }

    private void enqueue(ChildSpec spec, String owner, CompletableFuture<Child> ready) {
        try {
            spawners.execute(() -> {
                try {
                    ready.complete(gate.pass(() -> start(spec, owner)));
                } catch (CairnException e) {
                    ready.completeExceptionally(e);
                } catch (Exception e) {
                    ready.completeExceptionally(new CairnException(
                            ErrorCode.UNAVAILABLE, "cannot start " + spec.kind() + ": " + e.getMessage(), null, e));
                }
            });
        } catch (RejectedExecutionException e) {
            ready.completeExceptionally(
                    CairnException.unavailable("the worker is stopping: nothing is started any more"));
        }
    }

    /** From now on children are started. A worker that does not get ready, for its port is taken, starts none (A4). */
    void release() {
        released.complete(null);
    }

    private Child start(ChildSpec spec, String owner) throws IOException {
        long begin = System.nanoTime();
        guardian.ensure();
        OwnedChild child = births.bear(spec, owner, enders::end);
        children.put(child.number(), child);
        try {
            births.enter(child);
        } catch (IOException e) {
            child.stop("it cannot be entered in the registry");
            throw e;
        }
        child.begin();
        sweeper.wake(child);
        observers.spawned(child, (System.nanoTime() - begin) / 1_000_000);
        return child;
    }

    /** A child's tree is gone. Blocks while that is written down. */
    void forget(OwnedChild child) throws IOException {
        children.remove(child.number());
        sweeper.released(child);
        Cgroup group = child.cgroup();
        if (group != null) {
            group.remove();
        }
        registry.gone(child.number());
    }

    /** The stop has to hurry: no child is given time to end by itself any more. */
    void hurry() {
        enders.hurry();
    }

    /**
     * Closes the gate, ends all children, sweeps until nothing is left, sends the guardian home. Blocks until done; bounded by
     * the children's graces. A second call returns at once.
     */
    void close() throws InterruptedException, IOException {
        gate.close();
        // Those that wait are refused at the gate.
        release();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        gate.awaitPassing();
        List<Future<Child.Exit>> ending = new ArrayList<>();
        for (OwnedChild child : children.values()) {
            ending.add(child.stop("the worker stops"));
        }
        for (Future<Child.Exit> one : ending) {
            one.toCompletionStage().toCompletableFuture().join();
        }
        sweeper.close();
        sweeper.last();
        guardian.dismiss(DISMISS_MS);
        if (cgroup != null) {
            cgroup.end();
        }
        registry.remove();
        spawners.shutdown();
        enders.close();
    }
}
