package dev.cairn.process;

/**
 * A process as the system shows it at one moment.
 *
 * @param startedAt when it started, in the platform's own unit (clock ticks since boot on Linux): with the pid it tells a
 *     process from a later one of the same number
 * @param group the process group; 0 where the platform does not tell
 * @param session the session; 0 where the platform does not tell
 * @param zombie whether it has ended and waits to be collected
 * @param memoryBytes resident memory; 0 where the platform does not tell
 * @param cpuMs processor time it has used
 */
record Proc(
        long pid,
        long parent,
        long startedAt,
        long group,
        long session,
        boolean zombie,
        long memoryBytes,
        long cpuMs,
        String name) {

    boolean same(long otherPid, long otherStart) {
        return pid == otherPid && startedAt == otherStart;
    }
}
