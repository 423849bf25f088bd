package dev.cairn.mcp;

import java.util.List;
import java.util.stream.Stream;

/** The revisions of the protocol, the newest first. */
public final class Revisions {
    /** Without a handshake: each request says for itself what it speaks. */
    public static final List<String> STATELESS = List.of("2026-07-28");

    /** Agreed on by {@code initialize}. */
    public static final List<String> HANDSHAKE = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    /** What a server answers to whoever asks what it speaks. */
    public static final List<String> ALL =
            Stream.concat(STATELESS.stream(), HANDSHAKE.stream()).toList();

    private Revisions() {}
}
