package dev.cairn.process;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A child of this worker, and what is known of its tree. */
final class OwnedChild implements Child {
    private final int number;
    private final ChildSpec spec;
    private final String owner;
    private final int restarts;
    private final Process process;
    private final Proc root;
    private final boolean ledSession;
    private final ChildStreams streams;
    private final Vertx vertx;
    private final Ending ending;
    private final long bornNs = System.nanoTime();
    private final Map<Long, Proc> kin = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicReference<@Nullable String> breach = new AtomicReference<>();
    private final @Nullable Cgroup cgroup;
    private final CompletableFuture<Exit> gone = new CompletableFuture<>();
    private volatile State state = State.RUNNING;
    private volatile boolean recycled;
    private volatile long stoppingNs;
    private final AtomicBoolean overdue = new AtomicBoolean();
    private volatile Usage usage = new Usage(0, 0, 0);

    /** What its tree uses. */
    record Usage(long memoryBytes, long cpuMs, int processes) {}

    /** Ends a child's tree; runs on threads that may block. */
    interface Ending {
        void end(OwnedChild child, String reason, boolean graceful);
    }

    OwnedChild(
            int number,
            ChildSpec spec,
            String owner,
            int restarts,
            Process process,
            Proc root,
            boolean ledSession,
            @Nullable Cgroup cgroup,
            Vertx vertx,
            Ending ending) {
        this.number = number;
        this.spec = spec;
        this.owner = owner;
        this.restarts = restarts;
        this.process = process;
        this.root = root;
        this.ledSession = ledSession;
        this.cgroup = cgroup;
        this.vertx = vertx;
        this.ending = ending;
        this.streams = new ChildStreams(spec.kind() + "-" + process.pid(), process, () -> stop("a line without end"));
    }

    /** Takes up its standard error, and hears of its end. */
    void begin() {
        streams.begin();
        var unused = process.onExit().thenRun(this::rootEnded);
    }

    /** The root has ended, by itself or not: what it left must go too. */
    private void rootEnded() {
        if (beginsToStop()) {
            ending.end(this, "it ended", false);
        }
    }

    /** True for one caller only. */
    private boolean beginsToStop() {
        if (!stopping.compareAndSet(false, true)) {
            return false;
        }
        stoppingNs = System.nanoTime();
        state = State.STOPPING;
        return true;
    }

    /** How long it has been ending, in milliseconds; 0 when it is not. */
    long stoppingMs() {
        return state == State.STOPPING ? (System.nanoTime() - stoppingNs) / 1_000_000 : 0;
    }

    /** Whether it is still there although it should have ended by now. */
    boolean overdue() {
        return overdue.get() && state == State.STOPPING;
    }

    /** Returns whether that is news. */
    boolean becomesOverdue() {
        return overdue.compareAndSet(false, true);
    }

    int number() {
        return number;
    }

    ChildSpec spec() {
        return spec;
    }

    String owner() {
        return owner;
    }

    /** How many of its kind its owner had before. */
    int restarts() {
        return restarts;
    }

    Process process() {
        return process;
    }

    Proc root() {
        return root;
    }

    long startedAt() {
        return root.startedAt();
    }

    /** Whether it was given a session of its own, so that the session's number names its tree. */
    boolean ledSession() {
        return ledSession;
    }

    /** The control group of its own; null where there is none. */
    @Nullable
    Cgroup cgroup() {
        return cgroup;
    }

    /** Keeps in mind that this process is its own. Returns whether that is news. */
    boolean remember(Proc proc) {
        Proc known = kin.put(proc.pid(), proc);
        return known == null || known.startedAt() != proc.startedAt();
    }

    boolean remembers(Proc proc) {
        Proc known = kin.get(proc.pid());
        return known != null && known.startedAt() == proc.startedAt();
    }

    void forgetAllBut(List<Proc> living) {
        kin.values().removeIf(known -> living.stream().noneMatch(proc -> proc.same(known.pid(), known.startedAt())));
    }

    void used(Usage now) {
        usage = now;
    }

    Usage usage() {
        return usage;
    }

    @Override
    public @Nullable String breach() {
        return breach.get();
    }

    void breached(String limit) {
        breach.compareAndSet(null, limit);
    }

    long ageMs() {
        return (System.nanoTime() - bornNs) / 1_000_000;
    }

    /** How long nothing was written to it or read from it. */
    long idleMs() {
        return streams.idleMs();
    }

    ChildStreams streams() {
        return streams;
    }

    /** Its tree is gone. */
    void ended(Exit exit) {
        state = State.GONE;
        streams.close();
        gone.complete(exit);
    }

    @Override
    public String kind() {
        return spec.kind();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Future<Void> send(String line) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        streams.send(line, written);
        return onCallersContext(written);
    }

    @Override
    public void lines(Handler<String> handler) {
        Context context = vertx.getOrCreateContext();
        streams.read(line -> context.runOnContext(any -> handler.handle(line)));
    }

    @Override
    public void busy(boolean busy) {
        streams.busy(busy);
    }

    @Override
    public List<String> lastErrors() {
        return streams.lastErrors();
    }

    @Override
    public Future<Exit> gone() {
        return onCallersContext(gone);
    }

    @Override
    public Future<Exit> stop(String reason) {
        if (beginsToStop()) {
            ending.end(this, reason, true);
        }
        return gone();
    }

    @Override
    public Future<Exit> recycle(String reason) {
        if (beginsToStop()) {
            recycled = true;
            ending.end(this, reason, true);
        }
        return gone();
    }

    @Override
    public boolean recycled() {
        return recycled;
    }

    static <T> Future<T> onCallersContext(CompletableFuture<T> stage) {
        Context context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(stage) : Future.fromCompletionStage(stage, context);
    }
}
