package dev.cairn.store;

import dev.cairn.config.CairnConfig;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the open store: one writer, the readers, and what works with them. */
record Store(
        Writer writer,
        Pool pool,
        Reads reads,
        ProjectDirectory projects,
        MemoryTally tally,
        MemoryWriter memories,
        SearchReads search,
        RankReads ranks,
        LinkReads links,
        ListReads lists,
        NeighbourReads neighbours,
        ExportReads exports,
        StatsReads stats,
        WorkReads work,
        TurnReads turns,
        UsageTable usage,
        Forgetter forgetter,
        Housekeeper housekeeper,
        Retention retention,
        VectorWork vectors,
        VectorSpaceStore spaces,
        Samples samples,
        Told told,
        ImportedRecords imported) {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    /** More reads than this do not wait for a reader; they are refused. */
    private static final int MAX_WAITING_READS = 1_000;

    private static final int READER_TIMEOUT_MS = 5_000;

    /** What is known of the database's content before the first request. */
    private record Opened(Transaction tx, Checkpointer checkpointer, ProjectDirectory projects, MemoryTally tally) {}

    /** Opens the database on a worker thread, then completes on the caller's context. */
    static Future<Store> open(Vertx vertx, CairnConfig config) {
        Database database = new Database(config.database(), config.store());
        return vertx.executeBlocking(() -> load(database)).compose(opened -> {
            Writer writer = new Writer(
                    vertx, opened.tx(), opened.checkpointer(), config.store().maxQueue());
            Pool pool = readers(vertx, database, config);
            Store store = assemble(vertx, config, database, opened, writer, pool);
            return store.begin()
                    .recover(failure -> store.close().transform(closed -> Future.failedFuture(failure)))
                    .map(any -> store);
        });
    }

    static Pool readers(Vertx vertx, Database database, CairnConfig config) {
        return JDBCPool.pool(
                vertx,
                database.readers(),
                new PoolOptions()
                        .setMaxSize(config.store().readers())
                        .setMaxWaitQueueSize(MAX_WAITING_READS)
                        .setConnectionTimeout(READER_TIMEOUT_MS)
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS));
    }

    private static Opened load(Database database) throws SQLException {
        Transaction tx = new Transaction(database.openWriter());
        try {
            ProjectDirectory projects = new ProjectDirectory();
            tx.all("SELECT id, key, name FROM project", row -> {
                projects.put(row.getLong(1), new Project(row.getString(2), row.getString(3)));
                return true;
            });
            MemoryTally tally = new MemoryTally();
            tx.all("SELECT project_id, count(*) FROM memory GROUP BY project_id", row -> {
                tally.add(row.getLong(1), row.getLong(2));
                return true;
            });
            return new Opened(tx, new Checkpointer(database.openCheckpointer()), projects, tally);
        } catch (SQLException | RuntimeException e) {
            tx.close();
            throw StoreErrors.toCairn(e);
        }
    }

    private static Store assemble(
            Vertx vertx, CairnConfig config, Database database, Opened opened, Writer writer, Pool pool) {
        Reads reads = new Reads(pool);
        Filters filters = new Filters(opened.projects(), reads);
        Forgetter forgetter = new Forgetter(vertx, writer, filters, opened.projects(), opened.tally());
        Housekeeper housekeeper = new Housekeeper(vertx, writer, opened.checkpointer());
        return new Store(
                writer,
                pool,
                reads,
                opened.projects(),
                opened.tally(),
                new MemoryWriter(opened.projects(), opened.tally()),
                new SearchReads(reads, filters, opened.tally()),
                new RankReads(reads, filters, opened.tally()),
                new LinkReads(reads, filters),
                new ListReads(reads, filters),
                new NeighbourReads(reads, filters, opened.tally()),
                new ExportReads(reads, filters),
                new StatsReads(reads, database),
                new WorkReads(reads),
                new TurnReads(reads),
                new UsageTable(reads, filters),
                forgetter,
                housekeeper,
                new Retention(reads, forgetter, housekeeper, config.store().retention()),
                new VectorWork(reads, writer, opened.tally()),
                new VectorSpaceStore(vertx, writer, database),
                new Samples(reads, config.process().historyHours()),
                new Told(reads, writer),
                new ImportedRecords(reads));
    }

    /** Puts back what a crashed run had claimed; observers claim it when they start. Shows that the readers work. */
    private Future<Void> begin() {
        return writer.submit(TurnQueue.recover()).compose(waiting -> {
            if (waiting > 0) {
                LOG.info("{} turns wait to be observed", waiting);
            }
            return stats.stats().mapEmpty();
        });
    }

    /** The writer first, which commits what waits, then the readers. */
    Future<Void> close() {
        return spaces.close()
                .transform(any -> writer.close())
                .transform(written -> pool.close()
                        .transform(read -> written.succeeded() && read.succeeded()
                                ? Future.<Void>succeededFuture()
                                : Future.<Void>failedFuture(written.failed() ? written.cause() : read.cause())));
    }
}
