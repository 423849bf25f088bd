package dev.cairn.observer.http;

import dev.cairn.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where an API is.
 *
 * @param url as it may be shown: it holds no secret
 * @param host a name or an address, without the brackets of an IPv6 address
 * @param path what comes before the API's own paths, without a slash at its end
 */
record Endpoint(String url, boolean encrypted, String host, int port, String path) {
    private static final String EXAMPLE = "http://127.0.0.1:11434/v1";

    /** @throws ConfigException naming the key, for what is no such URL; the value, which may hold a password, is left out */
    static Endpoint of(String key, String url) {
        URI parsed;
        try {
            parsed = new URI(url.strip().replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw wrong(key, "a URL such as " + EXAMPLE);
        }
        String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw wrong(key, "a URL that begins with http:// or https://, such as " + EXAMPLE);
        }
        if (parsed.getRawUserInfo() != null) {
            throw wrong(
                    key, "a URL without user and password; a key belongs into " + key.replaceFirst("url$", "apiKey"));
        }
        if (parsed.getHost() == null || parsed.getPort() > 65535 || parsed.getPort() == 0) {
            throw wrong(key, "a URL with a host name or address, such as " + EXAMPLE);
        }
        if (parsed.getRawQuery() != null || parsed.getRawFragment() != null) {
            throw wrong(key, "a URL without a query, such as " + EXAMPLE);
        }
        boolean encrypted = scheme.equals("https");
        String host = parsed.getHost().replaceAll("[\\[\\]]", "");
        int port = parsed.getPort() > 0 ? parsed.getPort() : encrypted ? 443 : 80;
        return new Endpoint(parsed.toString(), encrypted, host, port, parsed.getRawPath());
    }

    private static ConfigException wrong(String key, String wanted) {
        return new ConfigException(key + " must be " + wanted);
    }

    /** Whether what is sent there stays on this machine. */
    boolean loopback() {
        return loopback(host);
    }

    static boolean loopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("::1")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    /** Whether what is sent there can be read on its way. */
    boolean readable() {
        return !encrypted && !loopback();
    }
}
