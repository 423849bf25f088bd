package dev.cairn.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Splits a stream of UTF-8 into lines, and never holds more of one than its bound. Blocks; for one thread. */
final class BoundedLines {
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;

    /**
     * A line.
     *
     * @param text without its end; empty when it was too long
     */
    record Line(String text, boolean tooLong) {}

    BoundedLines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** The next line; the last one needs no end. Null at the end of the stream. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean any = false;
        boolean tooLong = false;
        while (from < to || fill()) {
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            tooLong = tooLong || line.size() + (end - from) > maxBytes;
            if (tooLong) {
                line.reset();
            } else {
                line.write(buffer, from, end - from);
            }
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                return line(line, tooLong);
            }
        }
        return any ? line(line, tooLong) : null;
    }

    private static Line line(ByteArrayOutputStream bytes, boolean tooLong) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        return new Line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, tooLong);
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }
}
