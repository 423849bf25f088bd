package dev.cairn.observer.ask;

import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import dev.cairn.observer.Observed;
import dev.cairn.observer.rules.Texts;
import dev.cairn.observer.rules.TurnFacts;
import dev.cairn.privacy.PrivacyFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** From what was read in an answer to what is stored. Pure but for the privacy filter; not for an event loop. */
final class Results {
    private static final int MOST_FIELD = 1_000;

    private final UnaryOperator<String> clean;

    /** @param privacy a model's words are filtered like anybody's */
    Results(PrivacyFilter privacy) {
        this.clean = privacy::filter;
    }

    /** The whole of an answer. */
    Observed of(TurnWork work, TurnFacts facts, Batch batch, Reading reading) {
        List<NewObservation> made = new ArrayList<>();
        for (Reading.Told told : reading.observations()) {
            made.add(facts.observation(clean(told.words(), ids(batch, told.refs()))));
        }
        return observed(work, facts, batch, made, reading.summary());
    }

    /** Words where JSON was asked for, as one observation. */
    Observed ofProse(TurnWork work, TurnFacts facts, Batch batch, String prose) {
        List<Long> ids = batch.told().stream().map(use -> use.id()).toList();
        TurnFacts.Words words = Prose.observation(clean.apply(prose), ids);
        return observed(work, facts, batch, List.of(facts.observation(words)), Map.of());
    }

    /** Nothing to remember; the turn is still summed up. */
    Observed ofNothing(TurnWork work, TurnFacts facts, Batch batch, Map<String, String> summary) {
        return observed(work, facts, batch, List.of(), summary);
    }

    private Observed observed(
            TurnWork work, TurnFacts facts, Batch batch, List<NewObservation> made, Map<String, String> summary) {
        return new Observed(
                Sameness.merge(made, work.earlier()),
                batch.last() ? summary(facts, summary) : null,
                batch.seen(),
                !batch.last());
    }

    /** The tool uses that an observation names; all that were told when it names none and there is but one. */
    private static List<Long> ids(Batch batch, List<Integer> refs) {
        Set<Long> ids = new LinkedHashSet<>();
        for (int ref : refs) {
            if (ref >= 1 && ref <= batch.told().size()) {
                ids.add(batch.told().get(ref - 1).id());
            }
        }
        if (ids.isEmpty() && batch.told().size() == 1) {
            ids.add(batch.told().get(0).id());
        }
        return List.copyOf(ids);
    }

    private TurnFacts.Words clean(TurnFacts.Words words, List<Long> ids) {
        return new TurnFacts.Words(
                words.type(),
                clean.apply(words.title()),
                words.subtitle() == null ? null : clean.apply(words.subtitle()),
                words.narrative() == null ? null : clean.apply(words.narrative()),
                words.facts().stream().map(clean).toList(),
                words.concepts().stream().map(clean).toList(),
                ids);
    }

    /** The model's words where it has some; files and the rest as the records tell them. */
    private @Nullable NewSummary summary(TurnFacts facts, Map<String, String> told) {
        NewSummary records = facts.summary();
        if (records == null || told.isEmpty()) {
            return records;
        }
        return new NewSummary(
                field(told, "request", records.request()),
                field(told, "investigated", records.investigated()),
                field(told, "learned", records.learned()),
                field(told, "completed", records.completed()),
                field(told, "next_steps", records.nextSteps()),
                records.notes(),
                records.filesRead(),
                records.filesModified(),
                records.createdAt());
    }

    private @Nullable String field(Map<String, String> told, String name, @Nullable String otherwise) {
        String text = told.get(name);
        return text == null ? otherwise : Texts.paragraphs(clean.apply(text), MOST_FIELD);
    }
}
