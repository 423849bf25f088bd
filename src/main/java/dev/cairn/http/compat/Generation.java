package dev.cairn.http.compat;

/** Which generation of the contract a route speaks that both have with different answers. */
final class Generation {
    private final boolean six;

    /** @param compatVersion the setting {@code http.compatVersion} */
    Generation(String compatVersion) {
        six = compatVersion.startsWith("6.");
    }

    /** Whether version 6 is told: then its answers are given too. */
    boolean isSix() {
        return six;
    }
}
