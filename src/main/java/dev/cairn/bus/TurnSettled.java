package dev.cairn.bus;

/**
 * A claimed turn is claimed no more.
 *
 * @param outcome {@code done}, {@code pending} (to be claimed again, now or later), or {@code parked}
 */
public record TurnSettled(long turnId, String outcome) {
    public static final String DONE = "done";
    public static final String PENDING = "pending";
    public static final String PARKED = "parked";
}
