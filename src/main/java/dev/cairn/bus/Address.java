package dev.cairn.bus;

/**
 * One address of the event bus, with what is sent to it and what it answers.
 *
 * @param name the address on the bus
 * @param request the record that is sent or published
 * @param reply the record that is answered; {@link Nothing} for published events
 */
public record Address<Q, R>(String name, Class<Q> request, Class<R> reply) {}
