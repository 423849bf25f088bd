package dev.cairn.bus;

/** How much was forgotten, or would be. */
public record Forgotten(int observations, int summaries, int prompts, int toolUses, int sessions, boolean dryRun) {}
