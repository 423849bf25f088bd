package dev.cairn.process;

import dev.cairn.bus.ProcessSample;
import dev.cairn.bus.ProcessSnapshot;
import dev.cairn.bus.ProcessSnapshot.ChildRow;
import dev.cairn.bus.ProcessSnapshot.MemberRow;
import dev.cairn.bus.ProcessSnapshot.StrayRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a supervisor has at a moment, as records for others. */
final class Snapshots {
    private Snapshots() {}

    /** Looks at the processes; blocks for some milliseconds. */
    static ProcessSnapshot of(Supervisor supervisor) {
        Kinship.View view = supervisor.view(supervisor.surroundings());
        List<ChildRow> children = new ArrayList<>();
        for (OwnedChild child : inOrder(supervisor)) {
            children.add(row(child, view.of(child)));
        }
        long guardian = supervisor.guardian().pid();
        return new ProcessSnapshot(
                ProcessHandle.current().pid(),
                supervisor.layers(),
                supervisor.gate().isOpen() ? "open" : "closed",
                guardian == 0 ? null : guardian,
                children,
                view.strangers().stream()
                        .map(proc -> new StrayRow(proc.pid(), proc.parent(), proc.name()))
                        .toList());
    }

    private static List<OwnedChild> inOrder(Supervisor supervisor) {
        return supervisor.children().stream()
                .sorted(Comparator.comparingInt(OwnedChild::number))
                .toList();
    }

    private static ChildRow row(OwnedChild child, List<Proc> members) {
        long memory = members.stream().mapToLong(Proc::memoryBytes).sum();
        long cpuMs = members.stream().mapToLong(Proc::cpuMs).sum();
        return new ChildRow(
                child.kind(),
                child.owner(),
                child.pid(),
                System.currentTimeMillis() - child.ageMs(),
                child.state().name().toLowerCase(Locale.ROOT),
                memory,
                Math.round(1_000.0 * cpuMs / Math.max(1, child.ageMs())) / 1_000.0,
                child.restarts(),
                members.stream()
                        .filter(proc -> proc.pid() != child.pid())
                        .sorted(Comparator.comparingLong(Proc::pid))
                        .map(proc -> new MemberRow(proc.pid(), proc.parent(), proc.name(), proc.memoryBytes()))
                        .toList());
    }

    /** What each kind uses, as the last sweep measured it. */
    static List<ProcessSample> samples(Supervisor supervisor, long now) {
        Map<String, ProcessSample> byKind = new TreeMap<>();
        for (OwnedChild child : supervisor.children()) {
            OwnedChild.Usage usage = child.usage();
            byKind.merge(
                    child.kind(),
                    new ProcessSample(child.kind(), now, 1, usage.processes(), usage.memoryBytes()),
                    (one, other) -> new ProcessSample(
                            one.kind(),
                            now,
                            one.children() + other.children(),
                            one.processes() + other.processes(),
                            one.memoryBytes() + other.memoryBytes()));
        }
        return List.copyOf(byKind.values());
    }
}
