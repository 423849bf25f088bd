package dev.cairn.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys under {@code process}; times in milliseconds.
 *
 * @param deadlineMs how long a stop may take in all
 * @param graceMs how long a child may take after SIGTERM
 * @param sweepMs how often strays are looked for
 * @param cgroups whether children get control groups where the machine allows it
 * @param historyHours how long the history of counts and memory is kept
 * @param limits by kind of child
 */
public record ProcessConfig(
        long deadlineMs,
        long graceMs,
        long sweepMs,
        boolean cgroups,
        int historyHours,
        Map<String, Limits> limits,
        Alerts alerts) {

    /**
     * What a child and its whole tree may use; 0 means no limit.
     *
     * @param memoryBytes resident memory of the tree
     * @param cpus processors kept busy for a minute; may be a fraction
     * @param processes processes in the tree
     * @param openFiles files each process may open
     * @param maxAgeMs life time
     * @param idleMs time without work
     */
    public record Limits(long memoryBytes, double cpus, int processes, int openFiles, long maxAgeMs, long idleMs) {
        public static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0);

        /** For a tree that holds so many others beside its own: where either has no limit there is none. */
        Limits with(Limits other, int times) {
            return new Limits(
                    unlimited(memoryBytes, other.memoryBytes) ? 0 : memoryBytes + times * other.memoryBytes,
                    unlimited(cpus, other.cpus) ? 0 : cpus + times * other.cpus,
                    unlimited(processes, other.processes) ? 0 : processes + times * other.processes,
                    openFiles,
                    maxAgeMs,
                    idleMs);
        }

        private static boolean unlimited(Number own, Number other) {
            return own.doubleValue() == 0 || other.doubleValue() == 0;
        }
    }

    /**
     * When to raise an alert, and where to send it.
     *
     * @param stopMs a child that takes longer to end
     * @param restarts failed starts of one kind within a minute
     * @param webhook a loopback URL; null for none
     */
    public record Alerts(
            long stopMs, int restarts, @Nullable String webhook) {
        public Alerts {
            if (webhook != null
                    && !webhook.matches("http://(127(\\.\\d{1,3}){3}|localhost|\\[::1])(:\\d{1,5})?(/.*)?")) {
                throw new ConfigException("process.alerts.webhook must be a URL on the loopback address, such as"
                        + " http://127.0.0.1:9000/alerts, not '" + webhook + "'");
            }
        }
    }

    /** The limits of a kind of child; none for a kind without settings. */
    public Limits limitsOf(String kind) {
        return limits.getOrDefault(kind, Limits.NONE);
    }
}
