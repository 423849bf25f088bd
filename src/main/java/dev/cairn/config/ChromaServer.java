package dev.cairn.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Chroma server, and the place in it that is ours.
 *
 * @param url http or https; a path is one that a proxy puts before the API
 * @param token sent with every request; null for none. Never shown
 * @param tenant whose the database is
 * @param database holds the collections
 */
public record ChromaServer(URI url, @Nullable String token, String tenant, String database) {
    /** Chroma's own rule. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]");

    /** What a header takes, and every token has. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    public ChromaServer {
        if (token != null && !TOKEN.matcher(token).matches()) {
            throw new ConfigException("vector.chroma.token must be at most 4,096 printable ASCII characters without"
                    + " spaces; it is not shown here");
        }
        requireName("vector.chroma.tenant", tenant);
        requireName("vector.chroma.database", database);
    }

    /** @throws ConfigException for a URL that cannot be one, and for names that Chroma refuses */
    static ChromaServer of(String url, @Nullable String token, String tenant, String database) {
        return new ChromaServer(parsed(url), token, tenant, database);
    }

    private static URI parsed(String url) {
        URI parsed;
        try {
            parsed = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (URISyntaxException e) {
            throw wrong("a URL such as http://127.0.0.1:8000");
        }
        String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw wrong("a URL that begins with http:// or https://");
        }
        if (parsed.getRawUserInfo() != null) {
            throw wrong("a URL without user and password; a token belongs into vector.chroma.token");
        }
        if (parsed.getHost() == null || parsed.getPort() > 65535 || parsed.getPort() == 0) {
            throw wrong("a URL with a host name or address, such as http://127.0.0.1:8000");
        }
        if (parsed.getRawQuery() != null || parsed.getRawFragment() != null) {
            throw wrong("a URL without a query");
        }
        return parsed;
    }

    /** What it was is left out: it may hold a password. */
    private static ConfigException wrong(String wanted) {
        return new ConfigException("vector.chroma.url must be " + wanted);
    }

    private static void requireName(String key, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException(key + " must be 3 to 512 letters, digits, dots, dashes or underscores, with a"
                    + " letter or digit at both ends, not '" + name + "'");
        }
    }

    public boolean encrypted() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    public int port() {
        return url.getPort() > 0 ? url.getPort() : encrypted() ? 443 : 80;
    }

    /** Without the brackets of an IPv6 address. */
    public String host() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether what is sent there stays on this machine. */
    public boolean loopback() {
        String host = host().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public String toString() {
        return "ChromaServer[url=" + url + ", token=" + (token == null ? "none" : "(secret)") + ", tenant=" + tenant
                + ", database=" + database + "]";
    }
}
