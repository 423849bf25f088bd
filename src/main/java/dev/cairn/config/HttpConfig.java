package dev.cairn.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys under {@code http}. */
public record HttpConfig(
        String host,
        int port,
        int instances,
        int maxBodyBytes,
        int maxDepth,
        List<String> allowedHosts,
        List<String> allowedOrigins,
        boolean tokenRequired,
        @Nullable String token) {}
