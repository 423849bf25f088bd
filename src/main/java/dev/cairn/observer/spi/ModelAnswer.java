package dev.cairn.observer.spi;

/**
 * What a model answered.
 *
 * @param text its words, or the JSON it filled the schema with; may be empty
 * @param end why it ended
 * @param model the model that answered, as it names itself
 */
public record ModelAnswer(String text, End end, String model, ModelUsage usage) {
    /** Why an answer ended: by itself, because it grew too long, or because the model declined. */
    public enum End {
        COMPLETE,
        CUT,
        REFUSED
    }
}
