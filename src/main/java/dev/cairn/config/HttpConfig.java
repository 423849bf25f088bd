package dev.cairn.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys under {@code http}.
 *
 * @param host a loopback address: what the worker keeps is for its owner, it never listens where another machine could reach it
 * @param maxConnections open at once, over all instances
 * @param compat whether the routes of the claude-mem plugin are answered
 * @param compatVersion the version they tell: one such as {@code 13.25.3}, or {@code auto} for that of the installed plugin
 */
public record HttpConfig(
        String host,
        int port,
        int instances,
        int maxConnections,
        int maxBodyBytes,
        int maxDepth,
        List<String> allowedHosts,
        List<String> allowedOrigins,
        boolean tokenRequired,
        @Nullable String token,
        boolean compat,
        String compatVersion) {
    public HttpConfig {
        boolean loopback = host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
        if (!loopback) {
            throw new ConfigException("http.host must be a loopback address such as 127.0.0.1, not '" + host + "'");
        }
    }
}
