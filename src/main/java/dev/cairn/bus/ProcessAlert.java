package dev.cairn.bus;

/**
 * Something about children that a person should know.
 *
 * @param what limit, stray, leak, stopOverdue or circuit
 * @param kind the kind of child; empty when it is about none
 * @param at epoch milliseconds
 */
public record ProcessAlert(String what, String kind, String message, long at) {}
