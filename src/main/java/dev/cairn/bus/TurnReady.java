package dev.cairn.bus;

/** A turn that can be claimed now. */
public record TurnReady(long turnId, String platform, String sessionId) {}
