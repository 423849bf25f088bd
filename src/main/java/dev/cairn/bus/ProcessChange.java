package dev.cairn.bus;

/**
 * A child appeared, is being ended or is gone; {@link Addresses#PROCESS_SNAPSHOT} tells how all of them are.
 *
 * @param owner the verticle it belongs to
 * @param state running, stopping or gone
 * @param at epoch milliseconds
 */
public record ProcessChange(String kind, String owner, long pid, String state, long at) {}
