package dev.cairn.bus;

import java.util.List;

/**
 * Rows by id. Unknown ids are passed over; the rows come in the order of the ids.
 *
 * @param ids at most 1,000
 */
public record Fetch(What what, List<Long> ids) {
    public Fetch {
        ids = List.copyOf(ids);
    }
}
