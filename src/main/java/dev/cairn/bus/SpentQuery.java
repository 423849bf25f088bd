package dev.cairn.bus;

/**
 * Asks what models have used already.
 *
 * @param dayStart the begin of the day (UTC), epoch milliseconds
 */
public record SpentQuery(long dayStart, String platform, String sessionId) {}
