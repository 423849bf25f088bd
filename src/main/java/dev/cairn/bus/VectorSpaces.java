package dev.cairn.bus;

import java.util.List;

/** @param spaces the vectors that are kept, the oldest first; more than one while a new model's vectors are made */
public record VectorSpaces(List<Space> spaces) {
    /**
     * @param name of the model and its files
     * @param model the setting it was made with: a name or a path
     * @param count how many vectors it has
     */
    public record Space(long id, String name, String model, int dimensions, long count) {}

    public VectorSpaces {
        spaces = List.copyOf(spaces);
    }
}
