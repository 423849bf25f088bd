package dev.cairn.store;

import dev.cairn.bus.Forgotten;
import dev.cairn.config.StoreConfig;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is too old and, while the database is too large, what is oldest; never anything of a turn that was not observed.
 * Through the same steps as everybody's forgetting, only smaller.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final Forgotten NOTHING = new Forgotten(0, 0, 0, 0, 0, false);
    /** A bound by size is reached by estimates; each is better than the one before. */
    private static final int MAX_ROUNDS = 32;

    private static final int LEAST_ROWS = 100;
    private static final String OBSERVED = "EXISTS (SELECT 1 FROM turn d WHERE d.id = m.turn_id AND d.state = 'done')";

    private final Reads reads;
    private final Forgetter forgetter;
    private final Housekeeper housekeeper;
    private final StoreConfig.Retention config;
    private boolean running;

    Retention(Reads reads, Forgetter forgetter, Housekeeper housekeeper, StoreConfig.Retention config) {
        this.reads = reads;
        this.forgetter = forgetter;
        this.housekeeper = housekeeper;
        this.config = config;
    }

    boolean isOn() {
        return config.isOn();
    }

    /**
     * Runs once; a run while one is at work forgets nothing. Called on the verticle's context.
     *
     * @param now epoch milliseconds
     * @return what was forgotten, when the space was given back
     */
    Future<Forgotten> run(long now) {
        if (running || !config.isOn()) {
            return Future.succeededFuture(NOTHING);
        }
        running = true;
        return tooOld(now)
                .compose(old -> tooLarge(old, 0))
                .onSuccess(forgotten -> {
                    if (!forgotten.equals(NOTHING)) {
                        LOG.info(
                                "Retention forgot {} observations, {} summaries, {} prompts, {} tool uses and {} sessions",
                                forgotten.observations(),
                                forgotten.summaries(),
                                forgotten.prompts(),
                                forgotten.toolUses(),
                                forgotten.sessions());
                    }
                })
                .onComplete(done -> running = false);
    }

    private Future<Forgotten> tooOld(long now) {
        Long memories = config.days() == 0 ? null : now - TimeUnit.DAYS.toMillis(config.days());
        Long raw = memories;
        if (config.toolUseDays() > 0) {
            long sooner = now - TimeUnit.DAYS.toMillis(config.toolUseDays());
            raw = raw == null ? sooner : Math.max(raw, sooner);
        }
        if (raw == null) {
            return Future.succeededFuture(NOTHING);
        }
        return forgetter.forgetSlowly(new Older(memories, raw)).compose(this::tidied);
    }

    private Future<Forgotten> tidied(Forgotten forgotten) {
        return forgotten.equals(NOTHING)
                ? Future.succeededFuture(forgotten)
                : housekeeper.tidy().map(forgotten);
    }

    private Future<Forgotten> tooLarge(Forgotten before, int round) {
        if (config.maxBytes() == 0 || round == MAX_ROUNDS) {
            return Future.succeededFuture(before);
        }
        return reads.first(size(), row ->
                        new long[] {row.get(0).asLong(), row.get(1).asLong()})
                .compose(size -> {
                    if (size == null || size[0] <= config.maxBytes()) {
                        return Future.succeededFuture(before);
                    }
                    double excess = (double) (size[0] - config.maxBytes()) / size[0];
                    return reads.first(
                                    oldest(Math.max(LEAST_ROWS, (long) (size[1] * excess))),
                                    row -> row.get(0).asLong())
                            .compose(cutoff -> cutoff == null
                                    ? Future.succeededFuture(before)
                                    : forgetter
                                            .forgetSlowly(new Older(cutoff + 1, cutoff + 1))
                                            .compose(this::tidied)
                                            .compose(now -> now.equals(NOTHING)
                                                    ? Future.succeededFuture(before)
                                                    : tooLarge(sum(before, now), round + 1)));
                });
    }

    /** The bytes in use, and how many rows there are to forget. */
    private static Sql size() {
        return new Sql()
                .add("SELECT json_array((SELECT (page_count - freelist_count) * page_size FROM pragma_page_count,"
                        + " pragma_freelist_count, pragma_page_size), (SELECT count(*) FROM memory)"
                        + " + (SELECT count(*) FROM tool_use))");
    }

    /** The time of the last of so many rows that may be forgotten, the oldest first; of all of them when they are fewer. */
    static Sql oldest(long rows) {
        return new Sql()
                .add(
                        "SELECT json_array(max(created_at)) FROM (SELECT created_at FROM (SELECT m.created_at FROM memory m"
                                + " WHERE (m.turn_id IS NULL OR " + OBSERVED
                                + ") UNION ALL SELECT m.created_at FROM tool_use m"
                                + " WHERE " + OBSERVED + ") ORDER BY created_at")
                .add(" LIMIT ?) HAVING max(created_at) IS NOT NULL", rows);
    }

    private static Forgotten sum(Forgotten one, Forgotten other) {
        return new Forgotten(
                one.observations() + other.observations(),
                one.summaries() + other.summaries(),
                one.prompts() + other.prompts(),
                one.toolUses() + other.toolUses(),
                one.sessions() + other.sessions(),
                false);
    }

    /**
     * Memories and raw events from before their times.
     *
     * @param memoriesBefore null keeps all memories
     */
    private record Older(@Nullable Long memoriesBefore, long rawBefore) implements Forgetter.Targets {
        @Override
        public boolean rawToo() {
            return true;
        }

        @Override
        public boolean sessionsToo() {
            return memoriesBefore != null;
        }

        /** Oldest first, so that a run that breaks off has forgotten the right ones. */
        @Override
        public Sql memories() {
            return memoriesBefore == null
                    ? new Sql().add(" FROM memory m WHERE 0")
                    : new Sql()
                            .add(" FROM memory m INDEXED BY memory_by_time WHERE m.created_at < ?", memoriesBefore)
                            .add(" AND (m.turn_id IS NULL OR " + OBSERVED + ")");
        }

        @Override
        public Sql toolUses() {
            return new Sql()
                    .add(
                            " FROM tool_use m INDEXED BY tool_use_by_time WHERE m.created_at < ? AND " + OBSERVED,
                            rawBefore);
        }

        @Override
        public Sql notes() {
            return new Sql()
                    .add(
                            " FROM turn_note m CROSS JOIN turn t ON t.id = m.turn_id WHERE m.created_at < ?"
                                    + " AND t.state = 'done'",
                            rawBefore);
        }

        @Override
        public Sql sessions() {
            return new Sql().add(" FROM session m WHERE m.started_at < ?", memoriesBefore);
        }
    }
}
