package dev.cairn.process;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Count;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.Recycle;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.chain.Lifecycle;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that owns child processes: first up, last down. Before anything else starts it has ended what earlier generations
 * left; when it has stopped, nothing is left of this one.
 */
public final class ProcessVerticle extends ChainVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessVerticle.class);
    private static final long STOP_BUDGET_MS = 3_000;

    private final CairnConfig config;
    private final Lifecycle lifecycle;
    private final ChildProcesses processes;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable Supervisor supervisor;
    private @Nullable Census census;
    private @Nullable Alerts alerts;

    /** @param processes what the links above get their owners from; opened here */
    public ProcessVerticle(CairnConfig config, Lifecycle lifecycle, ChildProcesses processes, Next next) {
        super("process", STOP_BUDGET_MS, next);
        this.config = config;
        this.lifecycle = lifecycle;
        this.processes = processes;
    }

    @Override
    protected Future<?> open() {
        SpawnGate gate = new SpawnGate();
        lifecycle.onStopping(gate::close);
        Bus bus = new Bus(vertx);
        Alerts bell = new Alerts(vertx, bus, config.process().alerts().webhook());
        alerts = bell;
        ProcessFigures figures = new ProcessFigures(processes.registry(), bell::raise);
        return vertx.executeBlocking(() -> Supervisor.open(
                        vertx,
                        config.process(),
                        config.dataDir(),
                        processes.exclusive(),
                        gate,
                        new ToldChanges(bus, figures)))
                .map(opened -> {
                    supervisor = opened;
                    processes.opened(opened);
                    figures.watch(opened);
                    Reaper.Report reaped = opened.reaped();
                    figures.reaped(reaped.reaped().size());
                    if (!reaped.reaped().isEmpty()) {
                        LOG.warn(
                                "Ended {} processes an earlier worker had left: {}",
                                reaped.reaped().size(),
                                names(reaped.reaped()));
                    }
                    if (!reaped.unproven().isEmpty()) {
                        LOG.warn("Left alone, because they cannot be proven ours: {}", names(reaped.unproven()));
                    }
                    lifecycle.onReady(opened::release);
                    lifecycle.onStopping(opened::release);
                    lifecycle.onHurry(opened::hurry);
                    census = new Census(vertx, bus, opened);
                    serve(bus, opened);
                    consumers.add(bus.serve(Addresses.PROCESS_ALERTS, any -> Future.succeededFuture(bell.recent())));
                    return opened;
                });
    }

    private void serve(Bus bus, Supervisor open) {
        consumers.add(bus.serve(Addresses.health("processes"), any -> Future.succeededFuture(health(open))));
        consumers.add(
                bus.serve(Addresses.PROCESS_SNAPSHOT, any -> vertx.executeBlocking(() -> Snapshots.of(open), false)));
        consumers.add(bus.serve(
                Addresses.PROCESS_SWEEP,
                any -> vertx.executeBlocking(() -> new Count(open.sweeper().sweep()), false)));
        consumers.add(bus.serve(Addresses.PROCESS_RECYCLE, asked -> recycle(open, asked)));
    }

    private static Future<Count> recycle(Supervisor open, Recycle asked) {
        List<Future<Child.Exit>> ending = new ArrayList<>();
        for (OwnedChild child : open.children()) {
            boolean wanted = (asked.kind() == null || asked.kind().equals(child.kind()))
                    && (asked.pid() == null || asked.pid() == child.pid());
            if (wanted) {
                ending.add(child.recycle("it is recycled"));
            }
        }
        if (ending.isEmpty() && asked.pid() != null) {
            return Future.failedFuture(CairnException.notFound("no child of the worker has pid " + asked.pid()));
        }
        return Future.join(ending).map(gone -> new Count(ending.size()));
    }

    private static List<String> names(List<Proc> procs) {
        return procs.stream()
                .map(proc -> proc.name() + " (pid " + proc.pid() + ")")
                .toList();
    }

    static PartStatus health(Supervisor supervisor) {
        Map<String, String> detail = new TreeMap<>();
        detail.put("gate", supervisor.gate().isOpen() ? "open" : "closed");
        detail.put("children", String.valueOf(supervisor.children().size()));
        detail.put("strays", String.valueOf(supervisor.sweeper().strays().size()));
        detail.put("layers", String.join(",", supervisor.layers()));
        List<String> reasons = new ArrayList<>();
        if (Guardian.possible()
                && !supervisor.children().isEmpty()
                && !supervisor.guardian().alive()) {
            reasons.add("the guardian does not run");
        }
        supervisor.children().stream()
                .filter(OwnedChild::overdue)
                .sorted(Comparator.comparingInt(OwnedChild::number))
                .map(child -> child.kind() + " (pid " + child.pid() + ") does not end")
                .forEach(reasons::add);
        if (!reasons.isEmpty()) {
            detail.put("reason", String.join("; ", reasons));
            return new PartStatus(true, "degraded", detail);
        }
        return PartStatus.up(detail);
    }

    @Override
    protected Future<?> close() {
        Supervisor open = supervisor;
        if (census != null) {
            census.close();
        }
        if (alerts != null) {
            alerts.close();
        }
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .transform(any -> open == null
                        ? Future.succeededFuture()
                        : vertx.executeBlocking(() -> {
                            open.close();
                            return open;
                        }));
    }

    /** For code that asks before the link is up. */
    static CairnException notOpen() {
        return CairnException.unavailable("the worker is starting: nothing can be started yet");
    }
}
