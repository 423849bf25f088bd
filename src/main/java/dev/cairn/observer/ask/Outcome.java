package dev.cairn.observer.ask;

/** What becomes of a batch: a closed set. */
enum Outcome {
    /** What was answered is stored, and the batch acknowledged with it. */
    STORE,
    /** There is nothing to remember: the batch is acknowledged without an observation. */
    SKIP,
    /** The batch waits, at no cost to its attempts, until the model may be asked again. */
    RETRY_LATER,
    /** Less is asked at once: fewer tool uses, then shorter ones. */
    SHRINK,
    /** The same is asked once more, with what was wrong. */
    REPAIR,
    /** What is of use in the answer is stored as one observation. */
    SALVAGE,
    /** One of the turn's attempts is used up; after the last the turn is parked. */
    FAIL
}
