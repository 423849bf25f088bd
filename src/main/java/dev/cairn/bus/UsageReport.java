package dev.cairn.bus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What models have used.
 *
 * @param items one for each group, newest day first, then by name
 */
public record UsageReport(UsageSum total, List<Item> items) {
    /**
     * @param group the values told apart, by the names of {@link UsageQuery#GROUPS} and in their order; a day as
     *     {@code 2026-11-23} (UTC), a project as its key with {@code projectName} behind it, a session by the host's id. What was
     *     forgotten has no value
     */
    public record Item(Map<String, String> group, UsageSum used) {
        public Item {
            group = Collections.unmodifiableMap(new LinkedHashMap<>(group));
        }
    }

    public UsageReport {
        items = List.copyOf(items);
    }
}
