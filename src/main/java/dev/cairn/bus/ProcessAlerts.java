package dev.cairn.bus;

import java.util.List;

/** @param alerts the last ones since the worker's start, newest first; at most 100 */
public record ProcessAlerts(List<ProcessAlert> alerts) {
    public ProcessAlerts {
        alerts = List.copyOf(alerts);
    }
}
