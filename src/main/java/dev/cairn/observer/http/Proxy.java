package dev.cairn.observer.http;

import dev.cairn.config.ConfigException;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy on the way to a model. */
record Proxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    private static final String KEY = "observer.proxy";

    /**
     * What is between here and there; null for nothing. The setting counts before the environment's HTTPS_PROXY or HTTP_PROXY
     * and NO_PROXY, in capitals or not; a loopback address is never asked for through a proxy.
     *
     * @throws ConfigException for a setting that names no HTTP proxy. What the environment says is not ours to judge: when it
     *     names none, there is none
     */
    static @Nullable Proxy to(Endpoint endpoint, @Nullable String setting, Map<String, String> environment) {
        if (endpoint.loopback()) {
            return null;
        }
        if (setting != null) {
            Proxy proxy = parsed(setting);
            if (proxy == null) {
                throw new ConfigException(
                        KEY + " must be the URL of an HTTP proxy, such as http://127.0.0.1:3128; it is"
                                + " not shown here, as it may hold a password");
            }
            return proxy;
        }
        String fromEnvironment = either(environment, endpoint.encrypted() ? "HTTPS_PROXY" : "HTTP_PROXY");
        if (fromEnvironment == null || exempt(endpoint, either(environment, "NO_PROXY"))) {
            return null;
        }
        return parsed(fromEnvironment.contains("://") ? fromEnvironment : "http://" + fromEnvironment);
    }

    private static @Nullable String either(Map<String, String> environment, String name) {
        String lower = environment.get(name.toLowerCase(Locale.ROOT));
        String value = lower == null || lower.isBlank() ? environment.get(name) : lower;
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable Proxy parsed(String url) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            return null;
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getPort() > 65535) {
            return null;
        }
        String who = uri.getRawUserInfo();
        int colon = who == null ? -1 : who.indexOf(':');
        return new Proxy(
                uri.getHost().replaceAll("[\\[\\]]", ""),
                uri.getPort() > 0 ? uri.getPort() : 80,
                who == null ? null : decoded(colon < 0 ? who : who.substring(0, colon)),
                who == null ? null : decoded(colon < 0 ? "" : who.substring(colon + 1)));
    }

    /** Percent signs only: a plus stands for itself in this part of a URL. */
    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** A name in the list counts for itself and what is below it, {@code *} for all. */
    private static boolean exempt(Endpoint endpoint, @Nullable String list) {
        if (list == null) {
            return false;
        }
        String host = endpoint.host().toLowerCase(Locale.ROOT);
        for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
            String name = entry.replaceFirst("^\\*?\\.", "");
            if (name.endsWith(":" + endpoint.port())) {
                name = name.substring(0, name.lastIndexOf(':'));
            }
            if (entry.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
                return true;
            }
        }
        return false;
    }

    ProxyOptions options() {
        ProxyOptions options =
                new ProxyOptions().setType(ProxyType.HTTP).setHost(host).setPort(port);
        if (user != null) {
            options.setUsername(user).setPassword(password);
        }
        return options;
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
