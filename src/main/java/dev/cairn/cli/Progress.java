package dev.cairn.cli;

import java.util.Locale;

/**
 * How far long work has come, as one line on standard error that is written again and again; nothing where nobody looks. Not
 * thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final long REFRESH_NANOS = 100_000_000;
    private static final int BAR = 24;
    /** Back to the line's begin, and clear it. */
    private static final String AGAIN = "\r\u001b[K";

    private final boolean shown;
    private final String what;
    private final String unit;
    private final long total;
    private final long since = System.nanoTime();
    private long drawnAt = since - REFRESH_NANOS;
    private long done;

    /**
     * @param what the work, such as {@code export}
     * @param unit what is counted
     * @param total how many there will be; 0 when that is not known
     */
    Progress(Terminal terminal, String what, String unit, long total) {
        this.shown = terminal.err();
        this.what = what;
        this.unit = unit;
        this.total = total;
    }

    void add(long more) {
        done += more;
        long now = System.nanoTime();
        if (shown && now - drawnAt >= REFRESH_NANOS) {
            drawnAt = now;
            System.err.print(AGAIN + line(now));
            System.err.flush();
        }
    }

    private String line(long now) {
        double perSecond = done / Math.max(1e-3, (now - since) / 1e9);
        if (total <= 0) {
            return String.format(Locale.ROOT, "%s %,d %s, %,.0f/s", what, done, unit, perSecond);
        }
        int full = (int) Math.min(BAR, BAR * done / total);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %3d %% %,d %s, %,.0f/s",
                what,
                "#".repeat(full),
                "-".repeat(BAR - full),
                Math.min(100, 100 * done / total),
                done,
                unit,
                perSecond);
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (shown) {
            System.err.print(AGAIN);
            System.err.flush();
        }
    }
}
