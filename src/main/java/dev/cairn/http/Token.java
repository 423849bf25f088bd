package dev.cairn.http;

import dev.cairn.config.HttpConfig;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Knows whether a request carries the bearer token. Everybody does when none is asked for. */
final class Token {
    private static final String SCHEME = "bearer ";

    private final byte @Nullable [] expected;

    /** @throws IllegalArgumentException when a token is asked for and there is none */
    Token(HttpConfig config) {
        String token = config.token();
        if (config.tokenRequired() && (token == null || token.isBlank())) {
            throw new IllegalArgumentException("http.auth is token, but there is no http.token");
        }
        expected = config.tokenRequired() && token != null ? token.getBytes(StandardCharsets.UTF_8) : null;
    }

    boolean accepts(MultiMap headers) {
        if (expected == null) {
            return true;
        }
        String header = headers.get("authorization");
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return false;
        }
        byte[] given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        // Takes the same time wherever the first wrong byte is.
        return MessageDigest.isEqual(expected, given);
    }
}
