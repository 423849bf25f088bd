package dev.cairn.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A command's description for its help. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Command {
    /** The words that call it, such as {@code config list}. */
    String name();

    /** One line each. */
    String[] description();
}
