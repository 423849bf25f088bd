package dev.cairn.bus;

/** What models have used since the begin of the day, and for one session in all. */
public record Spent(UsageSum day, UsageSum session) {}
