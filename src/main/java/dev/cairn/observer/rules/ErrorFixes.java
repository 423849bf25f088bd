package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds errors and their later fix: a command that failed, changes, and the same command, or one for the same end, that
 * passed. One pass over the turn with a bounded memory of what is open.
 */
final class ErrorFixes {
    private static final int MAX_OPEN = 40;
    private static final int MAX_FIXES = 30;

    /** Failures of one end, by their places in the turn. */
    private static final class Open {
        final List<Integer> failures = new ArrayList<>();
    }

    /** A fix by places in the turn. */
    private static final class Found {
        final Set<Integer> failures = new TreeSet<>();
        final Set<Integer> remedies = new TreeSet<>();
        final Set<Integer> proofs = new TreeSet<>();
        int first = Integer.MAX_VALUE;
        int last;
    }

    private final List<ToolCall> calls;
    private final int[] remediesBefore;
    private final List<Open> open = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();

    private ErrorFixes(List<ToolCall> calls) {
        this.calls = calls;
        remediesBefore = new int[calls.size() + 1];
        for (int i = 0; i < calls.size(); i++) {
            remediesBefore[i + 1] = remediesBefore[i] + (isRemedy(calls.get(i)) ? 1 : 0);
        }
    }

    /**
     * @param fixes in the order of their first failures
     * @param unresolved failures that nothing for the same end followed up with success, the last of each end
     */
    record Result(List<ErrorFix> fixes, List<ToolCall> unresolved) {}

    static Result find(List<ToolCall> calls) {
        ErrorFixes finder = new ErrorFixes(calls);
        for (int i = 0; i < calls.size(); i++) {
            finder.see(i);
        }
        return finder.result();
    }

    private void see(int i) {
        ToolCall call = calls.get(i);
        CommandLine command = call.command();
        if (command == null || command.purpose() == CommandPurpose.LOOK || call.interrupted()) {
            return;
        }
        if (call.failed()) {
            failed(i, command);
        } else {
            passed(i, command);
        }
    }

    private void failed(int i, CommandLine command) {
        for (Open failure : open) {
            if (lineOf(failure).sameEnd(command)) {
                failure.failures.add(i);
                return;
            }
        }
        if (open.size() >= MAX_OPEN) {
            open.remove(0);
        }
        Open failure = new Open();
        failure.failures.add(i);
        open.add(failure);
    }

    private CommandLine lineOf(Open failure) {
        CommandLine line = calls.get(failure.failures.get(0)).command();
        if (line == null) {
            throw new IllegalStateException("only commands are kept open");
        }
        return line;
    }

    private void passed(int i, CommandLine command) {
        Iterator<Open> each = open.iterator();
        while (each.hasNext()) {
            Open failure = each.next();
            if (!proves(command, failure)) {
                continue;
            }
            int first = failure.failures.get(0);
            boolean remedied = remediesBefore[i] > remediesBefore[first];
            if (remedied && found.size() < MAX_FIXES) {
                add(failure, first, i);
            }
            each.remove();
        }
    }

    private boolean proves(CommandLine passed, Open failure) {
        CommandLine failed = lineOf(failure);
        boolean wider = passed.purpose() == CommandPurpose.TEST
                && failed.purpose() == CommandPurpose.BUILD
                && passed.runner().equals(failed.runner());
        if (!passed.sameEnd(failed) && !wider) {
            return false;
        }
        if (wider
                || !failed.purpose().proves()
                || passed.same().equals(failed.same())
                || passed.targets().isEmpty()) {
            return true;
        }
        for (String target : passed.targets()) {
            if (failed.targets().contains(target) || namesFailure(failure, target)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a narrower run is of a test that had failed. */
    private boolean namesFailure(Open failure, String target) {
        String stem = Texts.fileName(target);
        int dot = stem.indexOf('.');
        String name = dot > 0 ? stem.substring(0, dot) : stem;
        for (int place : failure.failures) {
            CommandOutcome outcome = calls.get(place).outcome();
            if (outcome != null && outcome.failedTests().stream().anyMatch(test -> test.contains(name))) {
                return true;
            }
        }
        return false;
    }

    private void add(Open failure, int first, int proof) {
        Set<Integer> remedies = new TreeSet<>();
        for (int k = first + 1; k < proof; k++) {
            if (isRemedy(calls.get(k))) {
                remedies.add(k);
            }
        }
        Found fix = new Found();
        for (Found other : found) {
            // Two failures with one remedy are one problem.
            if (other.last > first && other.remedies.stream().anyMatch(remedies::contains)) {
                fix = other;
                break;
            }
        }
        if (fix.failures.isEmpty()) {
            found.add(fix);
        }
        fix.failures.addAll(failure.failures);
        fix.remedies.addAll(remedies);
        fix.proofs.add(proof);
        fix.first = Math.min(fix.first, first);
        fix.last = Math.max(fix.last, proof);
    }

    private static boolean isRemedy(ToolCall call) {
        if (call.changesFiles()) {
            return true;
        }
        boolean acts = call.purpose() == CommandPurpose.INSTALL || call.purpose() == CommandPurpose.FILES;
        return acts && !call.failed();
    }

    private Result result() {
        List<ErrorFix> fixes = new ArrayList<>();
        found.sort((a, b) -> Integer.compare(a.first, b.first));
        for (Found fix : found) {
            List<ToolCall> looks = new ArrayList<>();
            for (int k = fix.first + 1; k < fix.last; k++) {
                if (calls.get(k).looks() && calls.get(k).kind() != ToolKind.DELEGATE) {
                    looks.add(calls.get(k));
                }
            }
            fixes.add(new ErrorFix(at(fix.failures), at(fix.remedies), looks, at(fix.proofs), fix.first));
        }
        List<ToolCall> unresolved = new ArrayList<>();
        for (Open failure : open) {
            unresolved.add(calls.get(failure.failures.get(failure.failures.size() - 1)));
        }
        return new Result(List.copyOf(fixes), List.copyOf(unresolved));
    }

    private List<ToolCall> at(Set<Integer> places) {
        return places.stream().map(calls::get).toList();
    }
}
