package dev.cairn.observer.rules;

/** What a command is run for, the most telling first. */
enum CommandPurpose {
    TEST,
    COMMIT,
    BUILD,
    /** Linters, formatters, type checkers. */
    CHECK,
    INSTALL,
    /** Git beyond commits that changes something: push, merge, checkout. */
    GIT,
    /** Files made, moved, removed. */
    FILES,
    RUN,
    /** Looking around: it changes nothing and proves nothing. */
    LOOK;

    /** Whether its success or failure says something about the project's state. */
    boolean proves() {
        return this == TEST || this == BUILD || this == CHECK;
    }
}
