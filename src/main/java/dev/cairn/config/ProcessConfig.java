package dev.cairn.config;

/** The keys under {@code process}; times in milliseconds. */
public record ProcessConfig(long deadlineMs) {}
