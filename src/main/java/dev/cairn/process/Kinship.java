package dev.cairn.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a process is: by control group, by descent, by what was seen of it before, by session and group, by the mark in its environment, in this
 * order of price.
 */
final class Kinship {
    /**
     * What a look around found; ended processes that only wait to be collected are left out.
     *
     * @param members by child, the root among them when it lives
     * @param strangers handed to this process, or marked by this generation, but nobody's
     * @param ended zombies below this process itself
     */
    record View(Map<OwnedChild, List<Proc>> members, List<Proc> strangers, List<Proc> ended) {
        List<Proc> of(OwnedChild child) {
            return members.getOrDefault(child, List.of());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Kinship.class);

    private final Platform platform;
    private final long self;
    private final @Nullable String cookiePrefix;

    /** @param cookiePrefix what the marks of this process's own children begin with; null when they bear another's marks */
    Kinship(Platform platform, long self, @Nullable String cookiePrefix) {
        this.platform = platform;
        this.self = self;
        this.cookiePrefix = cookiePrefix;
    }

    /**
     * @param seen what the platform shows
     * @param spared processes of our own that are no child's, by pid
     */
    View view(Map<Long, Proc> seen, Collection<OwnedChild> children, Collection<Long> spared) {
        Look look = new Look(seen, children);
        Map<OwnedChild, List<Proc>> members = new HashMap<>();
        List<Proc> strangers = new ArrayList<>();
        List<Proc> ended = new ArrayList<>();
        for (Proc proc : seen.values()) {
            if (proc.pid() == self || spared.contains(proc.pid())) {
                continue;
            }
            if (proc.zombie()) {
                if (proc.parent() == self && !look.roots.containsKey(proc.pid())) {
                    ended.add(proc);
                }
                continue;
            }
            OwnedChild child = look.owner(proc, 0);
            if (child != null) {
                members.computeIfAbsent(child, any -> new ArrayList<>()).add(proc);
            } else if (proc.parent() == self || marked(proc)) {
                strangers.add(proc);
            }
        }
        return new View(members, strangers, ended);
    }

    /** What the control groups say: no process leaves its group by itself. */
    private static Map<Long, OwnedChild> grouped(Collection<OwnedChild> children) {
        Map<Long, OwnedChild> grouped = new HashMap<>();
        for (OwnedChild child : children) {
            Cgroup group = child.cgroup();
            if (group == null) {
                continue;
            }
            try {
                group.pids().forEach(pid -> grouped.put(pid, child));
            } catch (IOException e) {
                LOG.debug("The control group of {} is not readable", child.pid(), e);
            }
        }
        return grouped;
    }

    /** Whether it bears the mark of this generation. */
    boolean marked(Proc proc) {
        return cookieOf(proc) != null;
    }

    private @Nullable Cookie cookieOf(Proc proc) {
        if (cookiePrefix == null) {
            return null;
        }
        String text = platform.variable(proc.pid(), Cookie.VARIABLE);
        return text != null && text.startsWith(cookiePrefix) ? Cookie.parse(text) : null;
    }

    /** One look at what the platform shows. */
    private final class Look {
        private final Map<Long, Proc> seen;
        private final Collection<OwnedChild> children;
        private final Map<Long, OwnedChild> roots = new HashMap<>();
        private final Map<Long, OwnedChild> known;

        Look(Map<Long, Proc> seen, Collection<OwnedChild> children) {
            this.seen = seen;
            this.children = children;
            children.forEach(child -> roots.put(child.pid(), child));
            known = grouped(children);
        }

        @Nullable
        OwnedChild owner(Proc proc, int depth) {
            OwnedChild already = known.get(proc.pid());
            if (already != null) {
                return already;
            }
            OwnedChild child = ownerAnew(proc, depth);
            if (child != null) {
                known.put(proc.pid(), child);
            }
            return child;
        }

        private @Nullable OwnedChild ownerAnew(Proc proc, int depth) {
            OwnedChild root = roots.get(proc.pid());
            if (root != null && root.startedAt() == proc.startedAt()) {
                return root;
            }
            for (OwnedChild child : children) {
                if (child.remembers(proc)) {
                    return child;
                }
            }
            Proc parent = proc.parent() == self ? null : seen.get(proc.parent());
            // Pids go round: nobody is older than his parent, and no chain is longer than there are processes.
            if (parent != null && parent.startedAt() <= proc.startedAt() && depth < seen.size()) {
                OwnedChild above = owner(parent, depth + 1);
                if (above != null) {
                    return above;
                }
            }
            OwnedChild leader = roots.get(proc.session());
            if (leader == null) {
                leader = roots.get(proc.group());
            }
            // A session's number is not given again while any of its members lives, so it is the child's own.
            if (leader != null && leader.ledSession() && proc.startedAt() >= leader.startedAt()) {
                return leader;
            }
            Cookie cookie = cookieOf(proc);
            if (cookie != null) {
                for (OwnedChild child : children) {
                    if (child.number() == cookie.child()) {
                        return child;
                    }
                }
            }
            return null;
        }
    }
}
