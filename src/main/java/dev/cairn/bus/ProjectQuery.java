package dev.cairn.bus;

/**
 * Asks which project a directory belongs to.
 *
 * @param directory absolute; it need not exist; at most {@value #MAX_DIRECTORY} characters
 */
public record ProjectQuery(String directory) {
    public static final int MAX_DIRECTORY = 4_096;
}
