package dev.cairn.observer.http;

import dev.cairn.config.ConfigException;
import dev.cairn.config.ObserverConfig;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One API as a worker is set up for it: where it is, what opens it, and what all of that is called in messages.
 *
 * @param name what people call it
 * @param settings what its keys begin with
 * @param variable where the environment has the key
 * @param key what opens it; null for none
 */
record Service(
        String name,
        String settings,
        String variable,
        Endpoint endpoint,
        @Nullable String key) {
    /** What a header takes, and every key has. */
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    /** A text shorter than this is no secret, and may be in any sentence. */
    private static final int SHORTEST_SECRET = 4;

    private static final int MAX_WORDS = 300;

    /**
     * The service that the settings name. Its key is the setting's, or the environment's.
     *
     * <p>A key that anybody on the way could read is never sent: one in the settings is refused with the URL, one in the
     * environment, which may be there for another server, is left alone.
     *
     * @throws ConfigException for a URL that cannot be one
     */
    static Service of(
            String name, String settings, String variable, ObserverConfig.Api api, Map<String, String> environment) {
        Endpoint endpoint = Endpoint.of(settings + ".url", api.url());
        String key = filled(api.apiKey());
        if (endpoint.readable() && key != null) {
            throw new ConfigException(
                    settings + ".url must begin with https://, as " + settings
                            + ".apiKey would be sent where others can read it; only servers on a loopback address get it by http://");
        }
        if (!endpoint.readable() && key == null) {
            key = filled(environment.get(variable));
        }
        return new Service(name, settings, variable, endpoint, key);
    }

    /** @throws ConfigException when there is none */
    static String model(String settings, ObserverConfig.Api api) {
        String model = filled(api.model());
        if (model == null) {
            throw new ConfigException(settings + ".model must name the model to ask");
        }
        return model;
    }

    private static @Nullable String filled(@Nullable String key) {
        return key == null || key.isBlank() ? null : key.strip();
    }

    /** Whether the key can be sent. */
    boolean keyFits() {
        return key == null || KEY.matcher(key).matches();
    }

    String url() {
        return endpoint.url();
    }

    /** The name of one of its settings. */
    String setting(String last) {
        return settings + "." + last;
    }

    /** Another's words for a message of ours: one line, not long, and without the key, which they may repeat. */
    String cited(String words) {
        String clean = key == null || key.length() < SHORTEST_SECRET ? words : words.replace(key, "(key)");
        String line = clean.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "...";
    }

    /** In small letters, as rows of a table name it. */
    String provider() {
        return settings.substring(settings.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return name + " at " + url();
    }
}
