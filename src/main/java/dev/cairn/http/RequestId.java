package dev.cairn.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a request is called in the log and in the header of its answer: what the client calls it, when that can stand in a log
 * line, else a name of its own. Thread-safe.
 */
final class RequestId {
    /** The header, of the request and of its answer. */
    static final CharSequence HEADER = HttpHeaders.createOptimized("X-Request-Id");

    private static final int MAX_LENGTH = 64;
    private static final int RADIX = 36;
    /** Another in each run, so that two runs in one log have no names in common. */
    private static final String RUN =
            Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36), RADIX) + "-";

    private static final AtomicLong COUNT = new AtomicLong();

    private RequestId() {}

    static String of(MultiMap headers) {
        String given = headers.get(HEADER);
        return given != null && isSane(given) ? given : RUN + Long.toString(COUNT.incrementAndGet(), RADIX);
    }

    private static boolean isSane(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && c != '.' && c != ':') {
                return false;
            }
        }
        return true;
    }
}
