package dev.cairn.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A field for what is no option: a {@code List} takes all that is left, any other field one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Parameters {
    /** Its place among those of its command. */
    int index() default 0;

    String paramLabel();

    String description();

    boolean required() default true;
}
