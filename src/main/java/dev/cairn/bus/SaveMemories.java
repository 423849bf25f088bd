package dev.cairn.bus;

import java.util.List;

/**
 * Memories to save in one transaction: all or none.
 *
 * @param memories 1 to 10,000
 * @param platform who saves: {@code api}, {@code mcp}, {@code cli}, …
 */
public record SaveMemories(List<NewMemory> memories, String platform) {
    public static final int MAX_MEMORIES = 10_000;

    public SaveMemories {
        memories = List.copyOf(memories);
    }
}
