package dev.cairn.store;

import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.IngestEvents.Item;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Ingested.Result;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores events of several sessions, all or none. What carries a key is stored once: its digest goes in the same transaction as
 * the events, so there is no moment at which one is there without the other.
 */
final class IngestCommand implements Command<IngestCommand.Taken> {
    /**
     * What was done.
     *
     * @param appended for those who listen
     */
    record Taken(Ingested answer, List<Appended> appended) {}

    private final IngestEvents request;
    private final MemoryWriter memories;
    private final ProjectDirectory projects;

    IngestCommand(IngestEvents request, MemoryWriter memories, ProjectDirectory projects) {
        this.request = request;
        this.memories = memories;
        this.projects = projects;
    }

    @Override
    public Taken run(Transaction tx) throws SQLException {
        IngestionKeys keys = new IngestionKeys(tx, request.at());
        byte[] batch = request.key() == null ? null : IngestionKeys.ofBatch(request.key());
        List<Result> before = batch == null ? null : keys.find(batch);
        if (before != null) {
            return new Taken(new Ingested(before, true), List.of());
        }
        List<Result> results = new ArrayList<>(request.items().size());
        List<Appended> appended = new ArrayList<>();
        boolean replayed = true;
        for (Item item : request.items()) {
            byte[] key = item.key() == null
                    ? null
                    : IngestionKeys.ofEvent(item.event().platform(), item.key());
            List<Result> first = key == null ? null : keys.find(key);
            if (first != null) {
                results.add(first.get(0));
                continue;
            }
            replayed = false;
            Result result = store(tx, item, appended);
            results.add(result);
            if (key != null && result != Result.EXCLUDED) {
                keys.keep(key, List.of(result));
            }
        }
        if (batch != null) {
            keys.keep(batch, results);
        }
        keys.forgetOld();
        return new Taken(new Ingested(results, replayed), appended);
    }

    private Result store(Transaction tx, Item item, List<Appended> appended) throws SQLException {
        Project given = item.project();
        if (given == null) {
            return Result.EXCLUDED;
        }
        Project project = item.named() ? projects.named(given.key()) : given;
        AppendEvents one = new AppendEvents(project, List.of(item.event()), request.requestId());
        Appended done = new AppendCommand(one, memories).run(tx);
        appended.add(done);
        if (done.recorded().stored() == 0) {
            return Result.DUPLICATE;
        }
        return item.event().kind() == EventKind.OTHER ? Result.COUNTED : Result.STORED;
    }
}
