package dev.cairn.store;

import dev.cairn.bus.ExportFormat.Place;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.Imported;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.CairnException;
import dev.cairn.model.Summary;
import dev.cairn.store.ImportFinder.Dated;
import dev.cairn.store.ImportFinder.Owner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of an import: tells which lines bring something new, has that written, and counts. What is there already is passed
 * over. In a dry run nothing is written: whatever would belong to something new is new. Only the writer's thread uses it.
 */
final class ImportRun {
    private final Transaction tx;
    private final boolean dryRun;
    private final ImportFinder finder;
    private final ImportWriter writer;
    private final List<Summary> replaced = new ArrayList<>();
    private final List<TurnReady> ready = new ArrayList<>();
    private int sessions;
    private int prompts;
    private int toolUses;
    private int observations;
    private int summaries;
    private int present;

    ImportRun(Transaction tx, MemoryWriter memories, boolean dryRun) {
        this.tx = tx;
        this.dryRun = dryRun;
        this.finder = new ImportFinder(tx, dryRun);
        this.writer = new ImportWriter(tx, memories);
    }

    ImportCommand.Taken taken() {
        return new ImportCommand.Taken(
                new Imported(sessions, prompts, toolUses, observations, summaries, present), replaced, ready);
    }

    /** @throws CairnException INVALID_ARGUMENT naming the line, when what it refers to is not there */
    void take(Place place, ExportLine line) throws SQLException {
        if (line instanceof ExportLine.SessionLine session) {
            session(session);
        } else if (line instanceof ExportLine.TurnLine turn) {
            turn(place, turn);
        } else if (line instanceof ExportLine.PromptLine prompt) {
            prompt(place, prompt);
        } else if (line instanceof ExportLine.ObservationLine observation) {
            observation(place, observation);
        } else if (line instanceof ExportLine.SummaryLine summary) {
            summary(place, summary);
        } else if (line instanceof ExportLine.ToolUseLine use) {
            toolUse(place, use);
        } else if (line instanceof ExportLine.NoteLine note) {
            note(place, note);
        } else {
            end();
        }
    }

    private void session(ExportLine.SessionLine line) throws SQLException {
        Long known = finder.findSession(line.platform(), line.sessionId());
        if (known != null) {
            passOver(line.source(), line.startedAt(), known);
            return;
        }
        sessions++;
        if (!dryRun) {
            writer.session(line);
        }
    }

    private void turn(Place place, ExportLine.TurnLine line) throws SQLException {
        Long session = finder.session(place, line.platform(), line.sessionId());
        if (!dryRun && session != null && finder.findTurn(session, line.key()) == null) {
            writer.turn(session, line);
        }
    }

    private void prompt(Place place, ExportLine.PromptLine line) throws SQLException {
        if (isImported(line.source(), line.createdAt())) {
            return;
        }
        Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
        Long known =
                finder.find(ImportFinder.Memory.of(line), line.project(), owner, line.sessionId() != null, line.copy());
        if (known != null) {
            passOver(line.source(), line.createdAt(), known);
            return;
        }
        prompts++;
        if (!dryRun) {
            writer.prompt(line, owner);
        }
    }

    private void observation(Place place, ExportLine.ObservationLine line) throws SQLException {
        if (isImported(line.source(), line.createdAt())) {
            return;
        }
        Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
        Long known =
                finder.find(ImportFinder.Memory.of(line), line.project(), owner, line.sessionId() != null, line.copy());
        if (known != null) {
            passOver(line.source(), line.createdAt(), known);
        } else {
            observations++;
        }
        if (!dryRun) {
            long id = known != null ? known : writer.observation(line, owner);
            writer.times(line, id);
            writer.supersede(line, id);
        }
    }

    /** A turn has one summary: of two the later one stays. */
    private void summary(Place place, ExportLine.SummaryLine line) throws SQLException {
        if (isImported(line.source(), line.createdAt())) {
            return;
        }
        Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
        Dated earlier = finder.findSummary(owner);
        if (earlier != null && earlier.createdAt() >= line.createdAt()) {
            passOver(line.source(), line.createdAt(), earlier.id());
            return;
        }
        summaries++;
        if (!dryRun) {
            long id = writer.summary(line, owner);
            if (earlier != null) {
                replaced.add(finder.summary(id, line));
            }
        }
    }

    private void toolUse(Place place, ExportLine.ToolUseLine line) throws SQLException {
        if (isImported(line.source(), line.createdAt())) {
            return;
        }
        Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
        Long known = finder.findToolUse(line, owner);
        if (known != null) {
            passOver(line.source(), line.createdAt(), known);
            return;
        }
        toolUses++;
        if (!dryRun) {
            writer.toolUse(line, owner, finder.findObservation(line.observation(), owner));
        }
    }

    private void note(Place place, ExportLine.NoteLine line) throws SQLException {
        Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
        if (!dryRun) {
            writer.note(line, owner);
        }
    }

    /** All of the turns that wait has come. */
    private void end() throws SQLException {
        if (!dryRun) {
            ready.addAll(TurnQueue.imported(tx));
        }
    }

    /** Whether it was imported before, be it forgotten since: then it counts as there. */
    private boolean isImported(@Nullable String source, long createdAt) throws SQLException {
        boolean known = ImportedRecords.isKnown(tx, source, createdAt);
        present += known ? 1 : 0;
        return known;
    }

    /** It is there under this id, and from now on it is known by what the line calls it, too. */
    private void passOver(@Nullable String source, long createdAt, long id) throws SQLException {
        present++;
        if (!dryRun) {
            ImportedRecords.note(tx, source, createdAt, id);
        }
    }
}
