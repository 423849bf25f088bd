package dev.cairn.process;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ProcessChange;
import java.util.List;
import java.util.Locale;

/** Tells whoever listens on the bus that a child appeared, is being ended or is gone; hands everything on. Thread-safe. */
final class ToldChanges implements ChildObserver {
    private final Bus bus;
    private final ChildObserver next;

    ToldChanges(Bus bus, ChildObserver next) {
        this.bus = bus;
        this.next = next;
    }

    @Override
    public void spawned(OwnedChild child, long tookMs) {
        next.spawned(child, tookMs);
        tell(child, Child.State.RUNNING);
    }

    @Override
    public void ending(OwnedChild child) {
        next.ending(child);
        tell(child, Child.State.STOPPING);
    }

    @Override
    public void ended(OwnedChild child, Child.Exit exit, long tookMs) {
        next.ended(child, exit, tookMs);
        tell(child, Child.State.GONE);
    }

    @Override
    public void stray(Proc proc, boolean ended) {
        next.stray(proc, ended);
    }

    @Override
    public void overdue(OwnedChild child, long stoppingMs, List<Proc> left) {
        next.overdue(child, stoppingMs, left);
    }

    @Override
    public void leaked(String kind, Proc proc, int owned, boolean recycled) {
        next.leaked(kind, proc, owned, recycled);
    }

    @Override
    public void breached(OwnedChild child, String limit) {
        next.breached(child, limit);
    }

    @Override
    public void circuitOpened(String owner, String why) {
        next.circuitOpened(owner, why);
    }

    private void tell(OwnedChild child, Child.State state) {
        String word = state.name().toLowerCase(Locale.ROOT);
        long now = System.currentTimeMillis();
        bus.publish(Addresses.EVENT_PROCESS, new ProcessChange(child.kind(), child.owner(), child.pid(), word, now));
    }
}
