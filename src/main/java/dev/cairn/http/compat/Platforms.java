package dev.cairn.http.compat;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names of hosts: what the contract calls {@code claude} is {@code claude-code} here, so that a change of plugins is none of memory. */
final class Platforms {
    private static final String THEIRS = "claude";
    private static final String OURS = "claude-code";
    private static final int LONGEST = 32;

    private Platforms() {}

    /** @param source null for the contract's default */
    static String ours(@Nullable String source) {
        String name =
                source == null ? "" : source.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
        if (name.isEmpty() || name.equals(THEIRS)) {
            return OURS;
        }
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }

    static String theirs(String platform) {
        return platform.equals(OURS) ? THEIRS : platform;
    }
}
