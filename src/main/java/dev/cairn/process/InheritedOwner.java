package dev.cairn.process;

import dev.cairn.config.ProcessConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the children of a process that is a worker's child itself. What it starts inherits the worker's marks and control group,
 * so it belongs to this process's tree: the worker's sweep, guardian and reaper end it whichever way this process dies. This
 * one only ends them first and in the ordinary way, and keeps no books of its own. Thread-safe.
 */
public final class InheritedOwner implements ChildOwner {
    private static final Logger LOG = LoggerFactory.getLogger(InheritedOwner.class);

    private final Vertx vertx;
    private final ProcessConfig config;
    private final String name;
    private final Map<String, String> marks;
    private final Platform platform = Platform.current();
    private final Kinship kinship;
    private final Terminator terminator;
    private final SpawnGate gate = new SpawnGate();
    private final Launch launch = new Launch();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<OwnedChild> children = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;
    private @Nullable Future<Void> closing;

    private InheritedOwner(Vertx vertx, ProcessConfig config, String name, Map<String, String> marks) {
        this.vertx = vertx;
        this.config = config;
        this.name = name;
        this.marks = marks;
        kinship = new Kinship(platform, ProcessHandle.current().pid(), null);
        terminator = new Terminator(
                platform,
                child -> kinship.view(platform.all(), children, List.of()).of(child));
        threads = Executors.newCachedThreadPool(body -> {
            Thread thread = new Thread(body, "cairn-" + name + "-children");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The owner within a worker's child.
     *
     * @param environment this process's own
     * @return null when no worker stands above: then nobody would end what this process leaves behind
     */
    public static @Nullable InheritedOwner within(
            Vertx vertx, ProcessConfig config, String name, Map<String, String> environment) {
        Map<String, String> marks = new TreeMap<>();
        for (String variable : List.of(Cookie.VARIABLE, Cookie.OWNER_VARIABLE)) {
            String value = environment.get(variable);
            if (value != null) {
                marks.put(variable, value);
            }
        }
        boolean owned = Cookie.parse(marks.get(Cookie.VARIABLE)) != null
                && Cookie.ownerLives(Platform.current(), marks.get(Cookie.OWNER_VARIABLE));
        return owned ? new InheritedOwner(vertx, config, name, marks) : null;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Future<Child> spawn(ChildSpec spec) {
        CompletableFuture<Child> ready = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                ready.complete(gate.pass(() -> start(spec)));
            } catch (CairnException e) {
                ready.completeExceptionally(e);
            } catch (Exception e) {
                ready.completeExceptionally(new CairnException(
                        ErrorCode.UNAVAILABLE, "cannot start " + spec.kind() + ": " + e.getMessage(), null, e));
            }
        });
        return OwnedChild.onCallersContext(ready);
    }

    private Child start(ChildSpec spec) {
        Process process = launch.start(spec, config.limitsOf(spec.kind()), marks, null);
        Proc root = platform.read(process.pid());
        if (root == null) {
            // It has ended and was collected already.
            root = new Proc(process.pid(), ProcessHandle.current().pid(), 0, 0, 0, true, 0, 0, spec.kind());
        }
        OwnedChild child = new OwnedChild(
                numbers.incrementAndGet(), spec, name, 0, process, root, launch.sessions(), null, vertx, this::end);
        children.add(child);
        child.begin();
        return child;
    }

    private void end(OwnedChild child, String reason, boolean graceful) {
        LOG.debug("Ending {} (pid {}): {}", child.kind(), child.pid(), reason);
        threads.execute(() -> {
            Child.Exit exit = new Child.Exit(-1, Child.Step.KILL);
            try {
                exit = terminator.end(child, graceful);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("Ending {} (pid {}) failed", child.kind(), child.pid(), e);
            }
            children.remove(child);
            child.ended(exit);
        });
    }

    /** A second call shares the first one's future. Waits off the event loop for a spawn that is under way. */
    @Override
    public synchronized Future<Void> close() {
        if (closing == null) {
            gate.close();
            CompletableFuture<Void> gone = new CompletableFuture<>();
            threads.execute(() -> {
                gate.awaitPassing();
                List<Future<Child.Exit>> ending = children.stream()
                        .map(child -> child.stop(name + " stops"))
                        .toList();
                Future.join(ending).onComplete(all -> gone.complete(null));
            });
            closing = OwnedChild.onCallersContext(gone);
        }
        return closing;
    }

    @Override
    public void circuitOpened(String why) {
        LOG.warn("{}: nothing is started for a while: {}", name, why);
    }
}
