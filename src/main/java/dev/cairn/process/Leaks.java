package dev.cairn.process;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a process of a kind that is more than are owned of it: the kind leaks, so those that are owned are recycled. A kind
 * that leaks again soon is only told of, or its children would be ended over and over. Thread-safe.
 */
final class Leaks {
    private static final int REMEMBERED = 1_000;
    private static final long RECYCLES_APART_MS = 600_000;

    private final Supervisor supervisor;
    private final Map<Integer, String> kinds = new LinkedHashMap<>();
    private final Map<String, Long> recycledNs = new HashMap<>();

    Leaks(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /** A mark has a child's number only; this keeps the kinds of the last ones. */
    synchronized void born(OwnedChild child) {
        kinds.put(child.number(), child.kind());
        if (kinds.size() > REMEMBERED) {
            kinds.remove(kinds.keySet().iterator().next());
        }
    }

    /** The kind of a marked process; null where nothing tells. To be asked while it lives. */
    synchronized @Nullable String kindOf(Proc proc) {
        String text = supervisor.platform().variable(proc.pid(), Cookie.VARIABLE);
        Cookie cookie = text == null ? null : Cookie.parse(text);
        return cookie == null ? null : kinds.get(cookie.child());
    }

    /** One that was nobody's was ended. Returns at once. */
    void found(Proc proc, @Nullable String kind) {
        if (kind == null) {
            return;
        }
        List<OwnedChild> owned = supervisor.children().stream()
                .filter(child -> child.kind().equals(kind) && child.state() == Child.State.RUNNING)
                .toList();
        boolean recycles = !owned.isEmpty() && mayRecycle(kind);
        supervisor.observers().leaked(kind, proc, owned.size(), recycles);
        if (recycles) {
            owned.forEach(child -> child.recycle("its kind leaks processes"));
        }
    }

    private synchronized boolean mayRecycle(String kind) {
        long now = System.nanoTime();
        Long last = recycledNs.get(kind);
        if (last != null && now - last < RECYCLES_APART_MS * 1_000_000) {
            return false;
        }
        recycledNs.put(kind, now);
        return true;
    }
}
