package dev.cairn.observer.ask;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Spent;
import dev.cairn.bus.SpentQuery;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.UsageSum;
import dev.cairn.config.ObserverConfig;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to {@code observer.budget.*}. What was spent is read from the database before each question, so it holds across restarts;
 * questions under way count with what they may use, so observers side by side do not overdraw it. Thread-safe.
 */
final class Purse {
    private static final double MICROS = 1_000_000;

    private final Bus bus;
    private final ObserverConfig.Budget budget;
    private int callsUnderWay;
    private long tokensUnderWay;
    private @Nullable String exhausted;
    private long exhaustedUntil;

    Purse(Bus bus, ObserverConfig.Budget budget) {
        this.bus = bus;
        this.budget = budget;
    }

    /** What was set aside for a question; null in {@code refusal} when it may be asked. */
    record Reserve(long tokens, @Nullable String refusal) {}

    /**
     * Sets aside what a question may use; to be followed by {@link #release}, unless it is refused.
     *
     * @param tokens what it may use, estimated
     * @param now epoch milliseconds
     */
    Future<Reserve> reserve(TurnWork work, long tokens, long now) {
        if (isUnlimited()) {
            return Future.succeededFuture(take(tokens));
        }
        long dayStart = Instant.ofEpochMilli(now)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
        return bus.request(Addresses.STORE_SPENT, new SpentQuery(dayStart, work.platform(), work.sessionId()))
                .map(spent -> decide(spent, tokens, dayStart + 86_400_000));
    }

    private boolean isUnlimited() {
        return budget.callsPerDay() == 0
                && budget.tokensPerDay() == 0
                && budget.callsPerSession() == 0
                && budget.tokensPerSession() == 0
                && budget.dollarsPerDay() == 0;
    }

    private synchronized Reserve take(long tokens) {
        callsUnderWay++;
        tokensUnderWay += tokens;
        return new Reserve(tokens, null);
    }

    private synchronized Reserve decide(Spent spent, long tokens, long nextDay) {
        String day = ofDay(spent.day(), tokens);
        exhausted = day;
        exhaustedUntil = nextDay;
        String refusal = day == null ? ofSession(spent.session(), tokens) : day;
        return refusal == null ? take(tokens) : new Reserve(0, refusal);
    }

    private @Nullable String ofDay(UsageSum day, long tokens) {
        if (isOver(budget.callsPerDay(), day.calls() + callsUnderWay + 1)) {
            return "observer.budget.callsPerDay (" + budget.callsPerDay() + ") is used up";
        }
        if (isOver(budget.tokensPerDay(), day.tokens() + tokensUnderWay + tokens)) {
            return "observer.budget.tokensPerDay (" + budget.tokensPerDay() + ") is used up";
        }
        if (budget.dollarsPerDay() > 0 && day.costMicros() >= budget.dollarsPerDay() * MICROS) {
            return String.format(
                    Locale.ROOT, "observer.budget.dollarsPerDay (%.2f) is used up", budget.dollarsPerDay());
        }
        return null;
    }

    private @Nullable String ofSession(UsageSum session, long tokens) {
        if (isOver(budget.callsPerSession(), session.calls() + 1)) {
            return "observer.budget.callsPerSession (" + budget.callsPerSession() + ") is used up";
        }
        return isOver(budget.tokensPerSession(), session.tokens() + tokens)
                ? "observer.budget.tokensPerSession (" + budget.tokensPerSession() + ") is used up"
                : null;
    }

    private static boolean isOver(long limit, long wanted) {
        return limit > 0 && wanted > limit;
    }

    /** The question was asked, and what it used is in the database; or it was not asked. */
    synchronized void release(Reserve reserve) {
        if (reserve.refusal() == null) {
            callsUnderWay--;
            tokensUnderWay -= reserve.tokens();
        }
    }

    /** What of the day's budget is used up; null for nothing, or when that day is over. */
    synchronized @Nullable String exhausted(long now) {
        return now < exhaustedUntil ? exhausted : null;
    }
}
