package dev.cairn.config;

import java.util.Locale;

/** Where a setting's value comes from; a later one stands above an earlier one. */
public enum Source {
    DEFAULT,
    CONF,
    SETTINGS,
    ENVIRONMENT,
    OPTION;

    /** The word for it in answers. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
