package dev.cairn.store;

import dev.cairn.bus.MemoryRow;
import org.jspecify.annotations.Nullable;

/**
 * What of a memory is embedded: its title, its body, and behind them what its session told just before. Chosen by measurement, see
 * {@code retrieval.md}.
 */
final class VectorText {
    /** So much of what came before tells what it was about; the model reads so many tokens in all. In UTF-16 units. */
    private static final int MAX_BEFORE = 1_000;

    private VectorText() {}

    static String of(MemoryRow memory, @Nullable MemoryRow before) {
        String text = text(memory);
        if (before == null) {
            return text;
        }
        String context = text(before);
        int end = Math.min(context.length(), MAX_BEFORE);
        if (end < context.length() && Character.isHighSurrogate(context.charAt(end - 1))) {
            end--;
        }
        return text + "\n" + context.substring(0, end);
    }

    /** A title that is only the begin of the body is not said twice. */
    private static String text(MemoryRow memory) {
        String title = memory.title();
        String begin = title.endsWith("…") ? title.substring(0, title.length() - 1) : title;
        String subtitle = memory.subtitle() == null ? "" : memory.subtitle() + "\n";
        return memory.body().strip().startsWith(begin)
                ? subtitle + memory.body()
                : title + "\n" + subtitle + memory.body();
    }
}
