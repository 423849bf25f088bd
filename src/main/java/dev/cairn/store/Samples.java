package dev.cairn.store;

import dev.cairn.bus.Nothing;
import dev.cairn.bus.ProcessHistoryQuery;
import dev.cairn.bus.ProcessSample;
import dev.cairn.bus.ProcessSamples;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** What children used over time, for as long as it is configured. */
final class Samples {
    private final Reads reads;
    private final long keptMs;

    Samples(Reads reads, int keptHours) {
        this.reads = reads;
        keptMs = TimeUnit.HOURS.toMillis(keptHours);
    }

    /** Keeps these, and forgets those that are too old by their time. */
    Command<Nothing> keep(ProcessSamples samples) {
        return tx -> {
            long newest = 0;
            for (ProcessSample sample : samples.samples()) {
                tx.update(
                        "INSERT INTO process_sample (at, kind, children, processes, memory_bytes) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (at, kind) DO NOTHING",
                        sample.at(),
                        sample.kind(),
                        sample.children(),
                        sample.processes(),
                        sample.memoryBytes());
                newest = Math.max(newest, sample.at());
            }
            tx.update("DELETE FROM process_sample WHERE at < ?", newest - keptMs);
            return Nothing.NOTHING;
        };
    }

    static Sql sql(ProcessHistoryQuery query) {
        return new Sql()
                .add(
                        "SELECT json_array(kind, at / ?1 * ?1, max(children), max(processes), max(memory_bytes))",
                        query.stepMs())
                .add(" FROM process_sample WHERE at >= ?2 AND at < ?3", query.from(), query.to())
                .add(" GROUP BY at / ?1, kind ORDER BY at / ?1, kind");
    }

    Future<ProcessSamples> find(ProcessHistoryQuery query) {
        return reads.all(
                        sql(query),
                        row -> new ProcessSample(
                                row.get(0).asText(),
                                row.get(1).asLong(),
                                row.get(2).asInt(),
                                row.get(3).asInt(),
                                row.get(4).asLong()))
                .map(ProcessSamples::new);
    }
}
