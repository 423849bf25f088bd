package dev.cairn.session;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what directories belong to. A fresh answer is given at once; an ageing one too, while it is looked up anew in the
 * background; an old one waits for the look-up. So a repository or a marker file that appears is seen within
 * {@link #OLD_MS}, and working sessions never wait. Look-ups of one directory are shared. For one event loop.
 */
final class ProjectCache {
    static final long FRESH_MS = 10_000;
    static final long OLD_MS = 30_000;
    static final int MOST = 2_048;
    private static final long DEADLINE_MS = 5_000;
    /** So many look-ups may be under way; more, and the file system hangs. */
    private static final int MOST_LOOK_UPS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(ProjectCache.class);

    private record Entry(Resolution resolution, long at) {}

    private final Function<String, Future<Resolution>> lookUp;
    private final LongSupplier clock;
    private final Map<String, Future<Resolution>> pending = new HashMap<>();
    private int lookUps;
    private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param lookUp resolves a directory, on another thread
     * @param clock milliseconds; must not go back
     */
    ProjectCache(Function<String, Future<Resolution>> lookUp, LongSupplier clock) {
        this.lookUp = lookUp;
        this.clock = clock;
    }

    /** How many look-ups have not come back, those that nobody waits for any more included. */
    int lookUps() {
        return lookUps;
    }

    int size() {
        return entries.size();
    }

    /** Fails with TIMEOUT when the file system does not answer in five seconds. */
    Future<Resolution> resolve(String directory) {
        Entry entry = entries.get(directory);
        long age = entry == null ? Long.MAX_VALUE : clock.getAsLong() - entry.at;
        if (entry == null || age >= OLD_MS) {
            return shared(directory);
        }
        if (age >= FRESH_MS) {
            shared(directory)
                    .onFailure(failure -> LOG.warn("Looking up a project again failed: {}", failure.getMessage()));
        }
        return Future.succeededFuture(entry.resolution);
    }

    /**
     * What the events' directories belong to; an event without a directory adds nothing.
     *
     * @return by directory; fails as {@link #resolve} when one of them does
     */
    Future<Map<String, Resolution>> resolveAll(List<AgentEvent> events) {
        Map<String, Future<Resolution>> byDirectory = new LinkedHashMap<>();
        for (AgentEvent event : events) {
            String cwd = event.cwd();
            if (cwd != null && !byDirectory.containsKey(cwd)) {
                byDirectory.put(cwd, resolve(cwd));
            }
        }
        return Future.all(List.copyOf(byDirectory.values())).map(all -> {
            Map<String, Resolution> resolutions = new LinkedHashMap<>();
            byDirectory.forEach((directory, found) -> resolutions.put(directory, found.result()));
            return resolutions;
        });
    }

    private Future<Resolution> shared(String directory) {
        Future<Resolution> already = pending.get(directory);
        if (already != null) {
            return already;
        }
        if (lookUps >= MOST_LOOK_UPS) {
            return Future.failedFuture(
                    CairnException.unavailable("too many directories are being looked up; try again"));
        }
        lookUps++;
        Future<Resolution> looking = lookUp.apply(directory)
                .onComplete(done -> lookUps--)
                .timeout(DEADLINE_MS, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(new CairnException(
                        ErrorCode.TIMEOUT,
                        "the project of the directory could not be found out: the file system does not answer",
                        null,
                        failure)))
                .onSuccess(resolution -> entries.put(directory, new Entry(resolution, clock.getAsLong())))
                .onComplete(done -> pending.remove(directory));
        if (!looking.isComplete()) {
            pending.put(directory, looking);
        }
        return looking;
    }
}
