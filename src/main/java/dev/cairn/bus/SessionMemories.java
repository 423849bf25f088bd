package dev.cairn.bus;

import java.util.List;

/**
 * Memories in regard to a session.
 *
 * @param platform the host
 * @param sessionId the host's session
 * @param ids at most 1,000
 */
public record SessionMemories(String platform, String sessionId, List<Long> ids) {
    public static final int MAX_IDS = 1_000;

    public SessionMemories {
        ids = List.copyOf(ids);
    }
}
