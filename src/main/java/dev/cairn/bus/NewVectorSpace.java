package dev.cairn.bus;

/**
 * A space for the vectors of a model; one of that name that is there already is as good.
 *
 * @param name of the model and its files
 * @param model the setting it is made with: a name or a path
 */
public record NewVectorSpace(String name, String model, int dimensions) {}
