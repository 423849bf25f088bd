package dev.cairn.observer.rules;

import dev.cairn.bus.NewObservation;
import dev.cairn.model.CommandRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An observation in the making; keeps to its bounds, whatever is added. */
final class Draft {
    static final int MAX_TITLE = 90;
    private static final int MAX_SUBTITLE = 160;
    private static final int MAX_FACTS = 20;
    private static final int MAX_FACT = 400;
    private static final int MAX_FILES = 50;
    private static final int MAX_COMMANDS = 20;
    private static final int MAX_NARRATIVE = 1_600;
    private static final int FILES_IN_FACT = 5;
    private static final int MAX_WORDS = 10;
    private static final int MAX_WORD = 40;

    /** Where in the turn it begins; the order of observations. */
    final int position;

    private String type = "change";
    private String title = "";
    private @Nullable String subtitle;
    private final List<String> narrative = new ArrayList<>();
    private final Set<String> facts = new LinkedHashSet<>();
    private final Set<Concept> concepts = EnumSet.noneOf(Concept.class);
    private final Set<String> words = new LinkedHashSet<>();
    private final Set<String> filesRead = new LinkedHashSet<>();
    private final Set<String> filesModified = new LinkedHashSet<>();
    private final Set<CommandRun> commands = new LinkedHashSet<>();
    private final Set<Long> toolUseIds = new LinkedHashSet<>();
    private long createdAt;

    Draft(int position) {
        this.position = position;
    }

    Draft type(String word) {
        type = word;
        return this;
    }

    String type() {
        return type;
    }

    Draft title(String text) {
        title = Texts.oneLine(text, MAX_TITLE);
        return this;
    }

    Draft subtitle(String text) {
        subtitle = text.isBlank() ? null : Texts.oneLine(text, MAX_SUBTITLE);
        return this;
    }

    Draft tell(String sentence) {
        if (!sentence.isBlank()) {
            narrative.add(Texts.sentence(sentence));
        }
        return this;
    }

    Draft fact(String sentence) {
        if (!sentence.isBlank() && facts.size() < MAX_FACTS) {
            facts.add(Texts.sentence(Texts.oneLine(sentence, MAX_FACT)));
        }
        return this;
    }

    Draft concept(Concept concept) {
        concepts.add(concept);
        return this;
    }

    Draft concepts(Collection<Concept> more) {
        concepts.addAll(more);
        return this;
    }

    /** Concepts in any words, beside those of the vocabulary. */
    Draft words(Collection<String> more) {
        for (String word : more) {
            String clean = Texts.oneLine(word, MAX_WORD);
            if (!clean.isEmpty() && words.size() < MAX_WORDS) {
                words.add(clean);
            }
        }
        return this;
    }

    /** A fact that names the changed files, unless one does already: a fact is found by what it is about. */
    Draft factOfFiles() {
        boolean told = filesModified.isEmpty()
                || filesModified.stream()
                        .map(Texts::fileName)
                        .anyMatch(name -> facts.stream().anyMatch(fact -> fact.contains(name)));
        return told ? this : fact("Changed " + Texts.list(List.copyOf(filesModified), FILES_IN_FACT));
    }

    /** Takes a tool use in: its files, its command, its time. */
    Draft use(ToolCall call) {
        for (String file : call.files()) {
            if (call.kind() == ToolKind.READ && !call.failed() && filesRead.size() < MAX_FILES) {
                filesRead.add(file);
            }
        }
        for (FileChange change : call.changes()) {
            concepts.addAll(Concepts.ofFile(change.file()));
            concepts.addAll(change.concepts());
            if (filesModified.size() < MAX_FILES) {
                filesModified.add(change.file());
            }
        }
        CommandLine command = call.command();
        CommandOutcome outcome = call.outcome();
        if (command != null && outcome != null && command.purpose() != CommandPurpose.LOOK) {
            concepts.addAll(ofPurpose(command.purpose()));
            if (commands.size() < MAX_COMMANDS) {
                commands.add(new CommandRun(command.shown(), outcome.words()));
            }
        }
        if (call.fresh()) {
            toolUseIds.add(call.id());
        }
        createdAt = Math.max(createdAt, call.at());
        return this;
    }

    Draft useAll(Collection<ToolCall> calls) {
        calls.forEach(this::use);
        return this;
    }

    Draft at(long time) {
        createdAt = Math.max(createdAt, time);
        return this;
    }

    List<String> filesRead() {
        return List.copyOf(filesRead);
    }

    boolean isFresh() {
        return !toolUseIds.isEmpty();
    }

    private static Set<Concept> ofPurpose(CommandPurpose purpose) {
        return switch (purpose) {
            case TEST -> EnumSet.of(Concept.TESTING);
            case BUILD -> EnumSet.of(Concept.BUILD);
            case INSTALL -> EnumSet.of(Concept.DEPENDENCIES);
            default -> EnumSet.noneOf(Concept.class);
        };
    }

    private List<String> conceptWords() {
        Set<String> all = new LinkedHashSet<>();
        concepts.forEach(concept -> all.add(concept.word()));
        all.addAll(words);
        return List.copyOf(all);
    }

    NewObservation build() {
        List<String> read = new ArrayList<>(filesRead);
        String told = Texts.clip(String.join(" ", narrative), MAX_NARRATIVE);
        return new NewObservation(
                type,
                title,
                subtitle,
                told.isEmpty() ? null : told,
                List.copyOf(facts),
                conceptWords(),
                read,
                List.copyOf(filesModified),
                List.copyOf(commands),
                toolUseIds.stream().sorted().toList(),
                createdAt);
    }
}
