package dev.cairn.http;

import dev.cairn.config.HttpConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out. A browser tells the truth about the name it asked for (Host, against DNS rebinding) and about the page
 * that asks (Origin and Sec-Fetch-Site, against forged requests); other programs send no Origin.
 */
final class AllowList {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern ORIGIN = Pattern.compile("(https?)://([^/?#@]+)");

    private static final Pattern WHOLE_URI = Pattern.compile("https?://([^/?#@]+)(?:[/?#].*)?");

    private final Set<String> hosts = new HashSet<>();
    private final Set<String> origins = new HashSet<>();

    AllowList(HttpConfig config) {
        config.allowedHosts().forEach(this::allow);
        // A loopback address, and the one that clients are told.
        allow(config.host());
        for (String origin : config.allowedOrigins()) {
            String name = origin.toLowerCase(Locale.ROOT);
            origins.add(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
        }
    }

    private void allow(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        hosts.add(name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name);
    }

    /** Why this request is refused; null when it may pass. */
    @Nullable
    CairnException refusal(String uri, MultiMap headers) {
        List<String> given = headers.getAll("host");
        if (given.size() != 1 || given.get(0).isBlank()) {
            return CairnException.invalid("Host", "exactly one Host header is needed");
        }
        Matcher host = AUTHORITY.matcher(given.get(0).toLowerCase(Locale.ROOT));
        if (!host.matches()) {
            return CairnException.invalid("Host", "the Host header must be a host name, with a port or without");
        }
        if (!hosts.contains(host.group(1)) || !uriIsOurs(uri)) {
            return forbidden("Host", "this host name is not on the allow-list; the setting http.allowedHosts names it");
        }
        return originRefusal(host, headers);
    }

    /** The origin to name in CORS headers: one from the setting; null for none and for the worker's own. */
    @Nullable
    String foreignOrigin(MultiMap headers) {
        String origin = headers.get("origin");
        return origin != null && origins.contains(origin.toLowerCase(Locale.ROOT)) ? origin : null;
    }

    private @Nullable CairnException originRefusal(Matcher host, MultiMap headers) {
        List<String> given = headers.getAll("origin");
        if (given.isEmpty()) {
            return "cross-site".equalsIgnoreCase(headers.get("sec-fetch-site"))
                    ? forbidden("Sec-Fetch-Site", "another web site may not call this worker")
                    : null;
        }
        String origin = given.get(0).toLowerCase(Locale.ROOT);
        if (given.size() == 1 && (origins.contains(origin) || sameAuthority(origin, host))) {
            return null;
        }
        return forbidden("Origin", "this origin is not on the allow-list; the setting http.allowedOrigins adds it");
    }

    private boolean sameAuthority(String origin, Matcher host) {
        Matcher parts = ORIGIN.matcher(origin);
        if (!parts.matches()) {
            return false;
        }
        Matcher authority = AUTHORITY.matcher(parts.group(2));
        String defaultPort = parts.group(1).equals("https") ? "443" : "80";
        return authority.matches()
                && authority.group(1).equals(host.group(1))
                && port(authority, defaultPort).equals(port(host, defaultPort));
    }

    private static String port(Matcher authority, String defaultPort) {
        return authority.group(2) == null ? defaultPort : authority.group(2);
    }

    /** A request line may carry a whole URI, whose host stands above the Host header. */
    private boolean uriIsOurs(String uri) {
        if (uri.startsWith("/") || uri.equals("*")) {
            return true;
        }
        Matcher parts = WHOLE_URI.matcher(uri.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        Matcher authority = AUTHORITY.matcher(parts.group(1));
        return authority.matches() && hosts.contains(authority.group(1));
    }

    private static CairnException forbidden(String field, String message) {
        return new CairnException(ErrorCode.FORBIDDEN, message, field, null);
    }
}
