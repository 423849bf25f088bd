package dev.cairn.process;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether children may be started. Closing is final: nothing respawns once a stop has begun. Thread-safe. */
public final class SpawnGate {
    private final AtomicBoolean open = new AtomicBoolean(true);

    public boolean isOpen() {
        return open.get();
    }

    /** Closes the gate for good. */
    public void close() {
        open.set(false);
    }
}
