package dev.cairn.process;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One owner's children. */
final class Share implements ChildOwner {
    private final String name;
    private final Supervisor supervisor;
    private final Set<Future<Child>> starting = ConcurrentHashMap.newKeySet();
    private final Set<Child> running = ConcurrentHashMap.newKeySet();
    private @Nullable Future<Void> closing;

    Share(String name, Supervisor supervisor) {
        this.name = name;
        this.supervisor = supervisor;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized Future<Child> spawn(ChildSpec spec) {
        if (closing != null) {
            return Future.failedFuture(CairnException.unavailable(name + " is stopping: nothing is started any more"));
        }
        Future<Child> start = supervisor.spawn(spec, name);
        starting.add(start);
        return start.onComplete(started -> {
            if (started.succeeded()) {
                Child child = started.result();
                running.add(child);
                child.gone().onComplete(gone -> running.remove(child));
            }
            starting.remove(start);
        });
    }

    @Override
    public synchronized Future<Void> close() {
        if (closing == null) {
            // Those that are on their way count: they are ended as soon as they are there.
            List<Future<Child>> onTheirWay = new ArrayList<>(starting);
            closing = Future.join(onTheirWay).transform(any -> {
                List<Future<Child.Exit>> ending = new ArrayList<>();
                onTheirWay.stream()
                        .filter(Future::succeeded)
                        .forEach(started -> ending.add(started.result().stop(name + " stops")));
                running.forEach(child -> ending.add(child.stop(name + " stops")));
                return Future.join(ending).<Void>transform(gone -> Future.succeededFuture());
            });
        }
        return closing;
    }

    @Override
    public void circuitOpened(String why) {
        supervisor.observers().circuitOpened(name, why);
    }
}
