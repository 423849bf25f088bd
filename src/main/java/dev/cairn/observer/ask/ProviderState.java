package dev.cairn.observer.ask;

import dev.cairn.bus.Bus;
import dev.cairn.config.ObserverConfig;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all observers of one Vert.x instance know of their provider together. Thread-safe. */
final class ProviderState implements Shareable {
    private static final String MAP = "cairn.observer.provider";
    /** Shorter troubles pass before anybody needs to know of them. */
    private static final long WORTH_TELLING_MS = 60_000;

    final Gate gate = new Gate();
    final Purse purse;
    private final String provider;
    private final Set<String> told = new HashSet<>();

    ProviderState(Bus bus, ObserverConfig config) {
        this.purse = new Purse(bus, config.budget());
        this.provider = config.provider();
    }

    static ProviderState of(Vertx vertx, ObserverConfig config) {
        Map<String, ProviderState> map = vertx.sharedData().getLocalMap(MAP);
        // Another worker in the same JVM, or the next one, has a configuration of its own.
        return map.computeIfAbsent(
                Integer.toHexString(config.hashCode()), key -> new ProviderState(new Bus(vertx), config));
    }

    /** What is wrong, in a sentence with the remedy; null for nothing. */
    @Nullable
    String problem() {
        Gate.Shut shut = gate.shut();
        return shut == null ? null : shut.message();
    }

    /** Whether the user can do something about it. */
    private static boolean isForUser(Finding finding) {
        return finding == Finding.SETUP || finding == Finding.AUTH || finding == Finding.QUOTA;
    }

    Map<String, String> detail(long now) {
        Map<String, String> detail = new TreeMap<>();
        Gate.Shut shut = gate.shut();
        if (shut != null) {
            detail.put("problem", shut.message());
            detail.put("problemKind", shut.finding().name().toLowerCase(java.util.Locale.ROOT));
            detail.put("problemSince", time(shut.since()));
            detail.put("retryAt", time(shut.until()));
        }
        String budget = purse.exhausted(now);
        if (budget != null) {
            detail.put("budget", budget + "; rules observe until the day ends (UTC)");
        }
        return detail;
    }

    private static String time(long at) {
        return Instant.ofEpochMilli(at).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** What a user is to be told now: each trouble once, again only after it was gone. */
    synchronized @Nullable String notice(long now) {
        Gate.Shut shut = gate.shut();
        String budget = purse.exhausted(now);
        String key = null;
        String text = null;
        if (shut != null && (isForUser(shut.finding()) || now - shut.since() >= WORTH_TELLING_MS)) {
            key = shut.finding().name();
            text = "Cairn records this session, but its observer (" + provider
                    + ") makes no new memories of it for now: " + shut.message()
                    + " What is recorded waits and is not lost.";
        } else if (budget != null) {
            key = "budget " + budget;
            text = "Cairn's " + budget + ": until the day ends (UTC) memories are made by rules, without a model.";
        }
        if (shut == null) {
            told.removeIf(known -> !known.startsWith("budget"));
        }
        if (budget == null) {
            told.removeIf(known -> known.startsWith("budget"));
        }
        return key != null && told.add(key) ? text : null;
    }
}
