package dev.cairn.process;

import dev.cairn.config.ProcessConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How a child comes into the world: its intent on the disk, its marks on it, in a group of its own. Thread-safe; blocks. */
final class Births {
    private final Vertx vertx;
    private final ProcessConfig config;
    private final Platform platform;
    private final Registry registry;
    private final Guardian guardian;
    private final @Nullable Cgroup cgroup;
    private final Proc self;
    private final Cookie marks;
    private final Launch launch = new Launch();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, Integer> before = new ConcurrentHashMap<>();

    /** @param marks of this generation; the child's number in it is not looked at */
    Births(
            Vertx vertx,
            ProcessConfig config,
            Platform platform,
            Registry registry,
            Guardian guardian,
            @Nullable Cgroup cgroup,
            Proc self,
            Cookie marks) {
        this.vertx = vertx;
        this.config = config;
        this.platform = platform;
        this.registry = registry;
        this.guardian = guardian;
        this.cgroup = cgroup;
        this.self = self;
        this.marks = marks;
    }

    boolean sessions() {
        return launch.sessions();
    }

    /** Starts a child; it is not in the books yet. */
    OwnedChild bear(ChildSpec spec, String owner, OwnedChild.Ending ending) throws IOException {
        int number = numbers.incrementAndGet();
        registry.intent(number, spec, owner);
        Map<String, String> environment = Map.of(
                Cookie.VARIABLE,
                new Cookie(marks.install(), marks.generation(), number).text(),
                Cookie.OWNER_VARIABLE,
                self.pid() + ":" + self.startedAt());
        Cgroup group = cgroup == null ? null : cgroup.within(number);
        Process process = launch.start(spec, config.limitsOf(spec.kind()), environment, group);
        Proc root = platform.read(process.pid());
        if (root == null) {
            // It has ended and was collected already.
            root = new Proc(process.pid(), self.pid(), 0, 0, 0, true, 0, 0, spec.kind());
        }
        int restarts = before.merge(owner + "/" + spec.kind(), 1, Integer::sum) - 1;
        return new OwnedChild(number, spec, owner, restarts, process, root, launch.sessions(), group, vertx, ending);
    }

    /** Enters a child that was just started in the books of the guardian and of the next generation. */
    void enter(OwnedChild child) throws IOException {
        Proc root = child.root();
        if (!root.zombie()) {
            guardian.guard(root, launch.sessions());
        }
        registry.born(child.number(), root, platform.birthmark(root.pid()));
    }
}
