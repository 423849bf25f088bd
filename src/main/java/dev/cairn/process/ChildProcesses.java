package dev.cairn.process;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The children of one worker, handed to the links above before there are any. Thread-safe. */
public final class ChildProcesses {
    private final MeterRegistry registry;
    private final boolean exclusive;
    private final AtomicReference<@Nullable Supervisor> supervisor = new AtomicReference<>();

    /**
     * @param registry where figures are counted
     * @param exclusive whether nothing else in this JVM starts processes: then a process that is handed to the JVM is a
     *     child's, and may be ended
     */
    public ChildProcesses(MeterRegistry registry, boolean exclusive) {
        this.registry = registry;
        this.exclusive = exclusive;
    }

    /** Loads what this room needs of the machine, which takes a while; blocks. Without it the first use does. */
    public static void prepare() {
        Platform.current();
    }

    MeterRegistry registry() {
        return registry;
    }

    boolean exclusive() {
        return exclusive;
    }

    void opened(Supervisor opened) {
        supervisor.set(opened);
    }

    /**
     * A verticle's share of the children; to be taken when the verticle opens.
     *
     * @throws dev.cairn.model.CairnException UNAVAILABLE before the process link is up
     */
    public ChildOwner owner(String name) {
        Supervisor open = supervisor.get();
        if (open == null) {
            throw ProcessVerticle.notOpen();
        }
        return open.owner(name);
    }
}
