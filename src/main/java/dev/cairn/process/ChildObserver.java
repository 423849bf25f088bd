package dev.cairn.process;

import java.util.List;

/** What hears of children. Called on threads of the supervisor; must not block. */
interface ChildObserver {
    void spawned(OwnedChild child, long tookMs);

    void ended(OwnedChild child, Child.Exit exit, long tookMs);

    /** A process nobody owns was found; {@code ended} tells whether it was proven ours and killed. */
    void stray(Proc proc, boolean ended);

    /** It should have ended by now; told once, while it is still there. */
    void overdue(OwnedChild child, long stoppingMs, List<Proc> left);

    /** A process of this kind was more than are owned; it was ended. */
    void leaked(String kind, Proc proc, int owned, boolean recycled);

    void breached(OwnedChild child, String limit);

    /** An owner has given up starting a kind for a while. */
    void circuitOpened(String owner, String why);
}
