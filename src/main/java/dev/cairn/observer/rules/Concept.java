package dev.cairn.observer.rules;

import java.util.Locale;

/** The closed vocabulary of what observations are about, in the order in which they are given. */
enum Concept {
    PROBLEM_SOLUTION,
    WHAT_CHANGED,
    HOW_IT_WORKS,
    TESTING,
    BUILD,
    DEPENDENCIES,
    CONFIGURATION,
    DOCUMENTATION,
    ERROR_HANDLING,
    SECURITY,
    PERFORMANCE;

    /** The word on the wire: {@code problem-solution}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
