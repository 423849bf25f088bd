package dev.cairn.observer.spi;

/**
 * A source of models. A jar on the class path adds one by naming its class in
 * {@code META-INF/services/dev.cairn.observer.spi.ModelProvider}; with {@code observer.provider = custom} it is used.
 *
 * <p>A provider asks a model and tells what became of it, nothing else: what is told to the model, what is made of its answer,
 * budgets, back-off and the queue are the worker's.
 */
public interface ModelProvider {
    /** What {@code observer.custom.provider} calls it: lower-case letters, digits and hyphens. */
    String name();

    /**
     * A model for one observer; called once for each, on its event loop, which it must not block. Nothing is asked yet: what is
     * missing on this machine is told by {@link Model#ask}, each time, so that a remedy needs no restart.
     *
     * @throws dev.cairn.config.ConfigException for a setting that can never work
     */
    Model open(ProviderContext context);
}
