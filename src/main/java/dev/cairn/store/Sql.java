package dev.cairn.store;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement under construction: its text, and the values in the order of their marks. */
final class Sql {
    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    Sql add(String part, @Nullable Object... more) {
        text.append(part);
        for (Object value : more) {
            values.add(value);
        }
        return this;
    }

    Sql add(Sql other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /** {@code column IN (…)}, or {@code column = …} for one value: only that keeps an index's order. */
    Sql in(String column, List<?> options) {
        if (options.size() == 1) {
            return add(column + " = ?", options.get(0));
        }
        add(column + " IN (" + "?, ".repeat(options.size() - 1) + "?)");
        values.addAll(options);
        return this;
    }

    String text() {
        return text.toString();
    }

    List<@Nullable Object> values() {
        return values;
    }

    Tuple tuple() {
        return Tuple.tuple(values);
    }
}
