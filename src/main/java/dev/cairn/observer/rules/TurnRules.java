package dev.cairn.observer.rules;

import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules from a turn to its observations and its summary. Pure: the same turn gives the same result. */
public final class TurnRules {
    static final int MAX_OBSERVATIONS = 20;
    /** So many different things looked at, beside what was changed, are worth an observation of their own. */
    private static final int OWN_EXPLORATION = 5;
    /** A lone look tells nothing that the summary does not. */
    private static final int LEAST_EXPLORATION = 2;

    private static final int MOST_BESIDE_FIX = 4;
    private static final int LEAST_ACCOUNT = 40;
    private static final int MOST_ACCOUNT = 360;

    /**
     * What rules make of a turn.
     *
     * @param observations of its fresh tool uses, in the order of the turn
     * @param summary of the whole turn; null when there is nothing to sum up, and while the turn goes on beyond what is known of it
     */
    public record Made(
            List<NewObservation> observations, @Nullable NewSummary summary) {
        public Made {
            observations = List.copyOf(observations);
        }
    }

    private final Turn turn;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Draft> mains = new ArrayList<>();

    private TurnRules(Turn turn) {
        this.turn = turn;
    }

    public static Made observe(TurnWork work) {
        Turn turn = Turn.of(work);
        ErrorFixes.Result errors = ErrorFixes.find(turn.calls());
        TurnRules rules = new TurnRules(turn);
        List<ErrorFix> fixes = rules.worthTelling(errors.fixes());
        Set<ToolCall> unresolved = identitySet(errors.unresolved());
        for (Unit unit : Unit.of(turn.calls(), fixes)) {
            rules.observe(unit, unresolved);
        }
        rules.account();
        rules.decisions();
        return new Made(rules.result(), work.more() ? null : SummaryRules.summary(turn, errors));
    }

    private static Set<ToolCall> identitySet(List<ToolCall> calls) {
        Set<ToolCall> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(calls);
        return set;
    }

    /** Without tests that were written first and had to fail: making them pass is the feature, not a fix. */
    private List<ErrorFix> worthTelling(List<ErrorFix> fixes) {
        List<ErrorFix> told = new ArrayList<>();
        for (ErrorFix fix : fixes) {
            boolean fresh = fix.proofs().stream().anyMatch(ToolCall::fresh);
            if (fresh && !(turn.intent() == Intent.ADD && isTestFirst(fix))) {
                told.add(fix);
            }
        }
        return told;
    }

    private boolean isTestFirst(ErrorFix fix) {
        boolean tests = false;
        for (ToolCall call : turn.calls().subList(0, fix.position())) {
            for (FileChange change : call.changes()) {
                if (!Concepts.isTest(change.file())) {
                    return false;
                }
                tests = true;
            }
        }
        return tests && fix.failures().get(0).purpose() == CommandPurpose.TEST;
    }

    private void observe(Unit unit, Set<ToolCall> unresolved) {
        List<Draft> fixDrafts = new ArrayList<>();
        for (ErrorFix fix : unit.fixes) {
            fixDrafts.add(FixRule.draft(turn, fix));
        }
        List<Unit.Placed> inside = new ArrayList<>();
        List<Unit.Placed> outside = new ArrayList<>();
        List<Unit.Placed> looks = new ArrayList<>();
        List<Unit.Placed> commands = new ArrayList<>();
        for (Unit.Placed placed : unit.calls) {
            ToolCall call = placed.call();
            if (!call.fresh()) {
                continue;
            }
            if (call.changesFiles()) {
                boolean away = call.changes().stream().allMatch(c -> ProjectPaths.outside(c.file()));
                (away ? outside : inside).add(placed);
            } else if (call.kind() == ToolKind.PLAN || call.kind() == ToolKind.ASK) {
                decision(placed);
            } else if (call.looks()) {
                looks.add(placed);
            } else if (call.command() != null && call.purpose() != CommandPurpose.LOOK) {
                commands.add(placed);
            }
        }
        if (!inside.isEmpty() && fixDrafts.size() == 1 && belongsToFix(inside)) {
            fold(inside, fixDrafts.get(0));
            inside = List.of();
        }
        Draft change =
                inside.isEmpty() ? null : ChangeRule.draft(turn, inside.get(0).place(), calls(inside), unit.commit);
        if (!outside.isEmpty()) {
            Draft away = ChangeRule.draft(turn, outside.get(0).place(), calls(outside), null);
            drafts.add(away);
            change = change == null && fixDrafts.isEmpty() ? away : change;
        }
        Draft main = change != null ? change : fixDrafts.isEmpty() ? null : fixDrafts.get(fixDrafts.size() - 1);
        looks(looks, main, changedFiles(unit));
        commands(
                commands,
                main,
                unresolved,
                inside.isEmpty() ? Integer.MAX_VALUE : inside.get(0).place());
        if (change == null && main != null && fixDrafts.size() == 1 && unit.commit != null) {
            titleByCommit(main, unit.commit);
        }
        drafts.addAll(fixDrafts);
        mains.addAll(fixDrafts);
        if (change != null) {
            mains.add(change);
        }
        if (change != null && !drafts.contains(change)) {
            drafts.add(change);
        }
    }

    private static void titleByCommit(Draft fix, ToolCall commit) {
        String subject = commit.command() == null ? null : commit.command().commitSubject();
        if (subject != null) {
            fix.title(CommitMessages.title(subject));
        }
    }

    /** Tests that show the error or guard against its return do; so does what little else a turn for a fix changed. */
    private boolean belongsToFix(List<Unit.Placed> edits) {
        List<String> files = FileNotes.of(calls(edits)).files();
        boolean few = turn.intent() == Intent.FIX && files.size() <= MOST_BESIDE_FIX;
        return few || files.stream().allMatch(Concepts::isTest);
    }

    private static void fold(List<Unit.Placed> edits, Draft fix) {
        List<ToolCall> calls = calls(edits);
        fix.useAll(calls);
        for (FileNotes.Note note : FileNotes.of(calls).all()) {
            fix.fact(note.sentence());
        }
    }

    private void decision(Unit.Placed placed) {
        ToolCall call = placed.call();
        boolean tells = call.kind() == ToolKind.PLAN
                ? !call.subject().isBlank()
                : !call.answer().isBlank() && !call.failed();
        if (tells) {
            drafts.add(DecisionRule.ofCall(turn, placed.place(), call));
        }
    }

    private void looks(List<Unit.Placed> looks, @Nullable Draft main, Set<String> changed) {
        List<ToolCall> all = calls(looks);
        int targets = ExplorationRule.targets(all, changed).size();
        if (main == null) {
            boolean reported = all.stream().anyMatch(c -> !turn.report(c).isEmpty());
            if (targets >= LEAST_EXPLORATION || reported) {
                drafts.add(ExplorationRule.draft(turn, looks.get(0).place(), all, true));
            }
            return;
        }
        if (targets >= OWN_EXPLORATION) {
            drafts.add(ExplorationRule.draft(turn, looks.get(0).place(), all, false));
            return;
        }
        for (Unit.Placed placed : looks) {
            if (turn.report(placed.call()).isEmpty()) {
                main.use(placed.call());
            } else {
                drafts.add(ExplorationRule.draft(turn, placed.place(), List.of(placed.call()), false));
            }
        }
    }

    private void commands(List<Unit.Placed> commands, @Nullable Draft main, Set<ToolCall> unresolved, int firstEdit) {
        List<ToolCall> failures = new ArrayList<>();
        List<ToolCall> runs = new ArrayList<>();
        int failuresAt = 0;
        int runsAt = 0;
        for (Unit.Placed placed : commands) {
            ToolCall call = placed.call();
            boolean own = main == null || (!call.purpose().proves() && placed.place() < firstEdit);
            if (call.failed() && unresolved.contains(call) && own) {
                failuresAt = failures.isEmpty() ? placed.place() : failuresAt;
                failures.add(call);
            } else if (main == null) {
                runsAt = runs.isEmpty() ? placed.place() : runsAt;
                runs.add(call);
            } else {
                attach(main, call, unresolved.contains(call));
            }
        }
        if (!failures.isEmpty()) {
            drafts.add(CommandRule.failures(turn, failuresAt, failures));
        }
        if (!runs.isEmpty()) {
            drafts.add(CommandRule.runs(turn, runsAt, runs));
        }
    }

    private static void attach(Draft main, ToolCall call, boolean unresolved) {
        main.use(call);
        String commit = Phrases.commit(call);
        if (!commit.isEmpty()) {
            main.fact(commit).tell(commit);
        }
        boolean telling = call.purpose().proves() || call.purpose() == CommandPurpose.INSTALL || call.failed();
        if (telling) {
            main.fact(Phrases.outcome(call) + (unresolved ? "; it did not pass in this turn" : ""));
        }
        if (call.purpose().proves() && !call.failed()) {
            main.tell(Phrases.success(call));
        }
    }

    private static Set<String> changedFiles(Unit unit) {
        Set<String> files = new HashSet<>();
        unit.calls.forEach(p -> p.call().changes().forEach(c -> files.add(c.file())));
        unit.fixes.forEach(f -> f.remedies().forEach(r -> r.changes().forEach(c -> files.add(c.file()))));
        return files;
    }

    private static List<ToolCall> calls(List<Unit.Placed> placed) {
        return placed.stream().map(Unit.Placed::call).toList();
    }

    /** Why, in the agent's own words, when the turn did one thing only: its last message is about that one. */
    private void account() {
        if (mains.size() == 1 && isSaidAnew() && turn.said().length() >= LEAST_ACCOUNT) {
            mains.get(0).tell("The agent's account: " + Texts.quote(Markdown.prose(turn.said(), MOST_ACCOUNT)));
        }
    }

    /** Whether the last message came after what earlier observers had seen. */
    private boolean isSaidAnew() {
        if (turn.calls().isEmpty()) {
            return true;
        }
        return turn.calls().stream().anyMatch(call -> call.fresh() && turn.saidAt() >= call.at());
    }

    private void decisions() {
        List<String> sentences = isSaidAnew() ? DecisionRule.sentences(turn.said()) : List.of();
        if (!sentences.isEmpty()) {
            drafts.add(DecisionRule.ofMessage(turn, turn.calls().size(), sentences));
        }
    }

    private List<NewObservation> result() {
        List<Draft> kept = new ArrayList<>(drafts);
        if (kept.size() > MAX_OBSERVATIONS) {
            kept.sort(Comparator.comparingInt((Draft d) -> d.type().equals("discovery") ? 1 : 0)
                    .thenComparingInt(d -> d.position));
            kept = kept.subList(0, MAX_OBSERVATIONS);
        }
        return kept.stream()
                .sorted(Comparator.comparingInt(d -> d.position))
                .map(Draft::build)
                .toList();
    }
}
