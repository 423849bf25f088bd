package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stretch of a turn that a commit closes, or the turn's end: work that belongs together. */
final class Unit {
    /** A call with its place in the turn. */
    record Placed(int place, ToolCall call) {}

    final List<ErrorFix> fixes = new ArrayList<>();
    final List<Placed> calls = new ArrayList<>();

    @Nullable
    ToolCall commit;

    /**
     * Cuts a turn into units; what belongs to a fix is left out of {@link #calls}.
     *
     * @param fixes each goes to the unit in which it was first proved
     */
    static List<Unit> of(List<ToolCall> calls, List<ErrorFix> fixes) {
        Set<ToolCall> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        IdentityHashMap<ToolCall, ErrorFix> proofs = new IdentityHashMap<>();
        for (ErrorFix fix : fixes) {
            taken.addAll(fix.failures());
            taken.addAll(fix.remedies());
            taken.addAll(fix.looks());
            taken.addAll(fix.proofs());
            proofs.put(fix.proofs().get(0), fix);
        }
        List<Unit> units = new ArrayList<>();
        Unit unit = new Unit();
        units.add(unit);
        for (int i = 0; i < calls.size(); i++) {
            ToolCall call = calls.get(i);
            ErrorFix fix = proofs.get(call);
            if (fix != null) {
                unit.fixes.add(fix);
            }
            boolean commits = call.is(CommandPurpose.COMMIT) && !call.failed();
            if (!taken.contains(call)) {
                unit.calls.add(new Placed(i, call));
            }
            if (commits) {
                unit.commit = call;
                unit = new Unit();
                units.add(unit);
            }
        }
        return units;
    }
}
