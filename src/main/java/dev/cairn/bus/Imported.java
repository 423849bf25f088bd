package dev.cairn.bus;

/** How many of each kind were taken in, and how many were there already. */
public record Imported(int sessions, int prompts, int toolUses, int observations, int summaries, int present) {
    /** Both together. */
    public Imported plus(Imported other) {
        return new Imported(
                sessions + other.sessions,
                prompts + other.prompts,
                toolUses + other.toolUses,
                observations + other.observations,
                summaries + other.summaries,
                present + other.present);
    }
}
