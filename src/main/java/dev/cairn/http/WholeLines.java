package dev.cairn.http;

import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines of a body that was read whole, because it could have been something else: handed on as {@link LineReader} does. */
final class WholeLines {
    private static final int BATCH_LINES = 1_000;

    private WholeLines() {}

    /** Gives how many lines there were. */
    static Future<Integer> take(Buffer body, LineReader.Sink sink) {
        try {
            return take(split(body.getBytes()), 0, sink);
        } catch (CairnException e) {
            return Future.failedFuture(e);
        }
    }

    private static List<String> split(byte[] body) {
        List<String> lines = new ArrayList<>();
        int begin = 0;
        while (begin < body.length) {
            int end = begin;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            String name = "line " + (lines.size() + 1);
            if (end - begin > LineReader.MAX_LINE) {
                throw new CairnException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        name + " is longer than " + LineReader.MAX_LINE + " bytes",
                        name,
                        null);
            }
            lines.add(StrictJson.utf8(Arrays.copyOfRange(body, begin, end), name));
            begin = end + 1;
        }
        return lines;
    }

    private static Future<Integer> take(List<String> lines, int from, LineReader.Sink sink) {
        if (from >= lines.size()) {
            return Future.succeededFuture(lines.size());
        }
        int to = Math.min(lines.size(), from + BATCH_LINES);
        return sink.take(lines.subList(from, to), from + 1).compose(taken -> take(lines, to, sink));
    }
}
