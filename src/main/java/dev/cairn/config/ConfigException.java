package dev.cairn.config;

/** A setting that cannot be accepted; the message names the key, where it was set and the remedy. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
