package dev.cairn.store;

import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportFormat.Place;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.CairnException;
import dev.cairn.model.Summary;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Takes lines of an export in, all or none. They are read when it is made, so the writer's thread only writes. */
final class ImportCommand implements Command<ImportCommand.Taken> {
    /** What the lines brought, and what the worker is to hear of. */
    record Taken(Imported imported, List<Summary> summaries, List<TurnReady> ready) {}

    private record Read(Place place, ExportLine line) {}

    private final List<Read> lines;
    private final boolean dryRun;
    private final MemoryWriter memories;

    /** @throws CairnException INVALID_ARGUMENT naming the line, such as {@code lines[3].text} */
    ImportCommand(ImportLines request, MemoryWriter memories) {
        this.dryRun = request.dryRun();
        this.memories = memories;
        request.check();
        int count = request.lines().size();
        this.lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Place place = new Place(i, request.firstLine() + i);
            ExportLine line = ExportFormat.read(request.lines().get(i), place);
            if (line != null) {
                lines.add(new Read(place, line));
            }
        }
    }

    @Override
    public Taken run(Transaction tx) throws SQLException {
        ImportRun run = new ImportRun(tx, memories, dryRun);
        for (Read read : lines) {
            run.take(read.place(), read.line());
        }
        return run.taken();
    }
}
