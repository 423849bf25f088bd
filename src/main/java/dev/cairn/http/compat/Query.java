package dev.cairn.http.compat;

import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, as this contract reads them: what is not known is passed over, a number is brought within its bounds. */
final class Query {
    private static final int MAX_WORD = 200;

    private final Request request;
    private final Parameters parameters;

    Query(Request request) {
        this.request = request;
        parameters = new Parameters(request::values);
    }

    /** Whether any of these is given. */
    boolean hasAny(Iterable<String> names) {
        for (String name : names) {
            if (request.names().contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** The first value that says something; null when there is none. */
    @Nullable
    String text(String name) {
        for (String value : request.values(name)) {
            if (!value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }

    String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    /** All values, repeated or with commas. */
    List<String> texts(String name) {
        return parameters.texts(name, MAX_WORD);
    }

    /** A whole number within the bounds. */
    int number(String name, int otherwise, int min, int max) {
        String text = text(name);
        if (text == null || !text.matches("-?\\d{1,9}")) {
            return otherwise;
        }
        return Math.max(min, Math.min(max, Integer.parseInt(text)));
    }

    boolean flag(String name) {
        return "true".equals(text(name)) || "1".equals(text(name));
    }

    /** A time as ISO-8601 or epoch milliseconds; {@code endOfDay} for a bare date. */
    @Nullable
    Long time(String name, boolean endOfDay) {
        String text = text(name);
        return text == null ? null : (Long) Parameters.instant(name, text, endOfDay);
    }

    /** The worker's name of the host; null when none is asked for. */
    @Nullable
    String platform() {
        String source = text("platformSource");
        source = source == null ? text("platform_source") : source;
        return source == null ? null : Platforms.ours(source);
    }

    /** The projects asked for, of {@code projects} and {@code project}; empty for all. */
    List<String> projects() {
        List<String> projects = new ArrayList<>(parameters.texts("projects", NewMemory.MAX_PROJECT));
        String one = text("project");
        if (one != null && !projects.contains(one)) {
            projects.add(one);
        }
        return projects;
    }
}
