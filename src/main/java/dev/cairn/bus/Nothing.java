package dev.cairn.bus;

/** A request or a reply that says nothing but that it is one. */
public record Nothing() {
    public static final Nothing NOTHING = new Nothing();
}
