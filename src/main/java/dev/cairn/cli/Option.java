package dev.cairn.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field that an option sets: a {@code boolean} needs no value, a {@code List} may be given several times. What the field holds
 * beforehand is the default.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Option {
    String[] names();

    String description();

    /** What stands for the value in the help. */
    String paramLabel() default "VALUE";

    boolean required() default false;
}
