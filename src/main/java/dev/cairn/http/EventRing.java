package dev.cairn.http;

import dev.cairn.model.Project;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The last events of the live stream, encoded once for all who watch, numbered from 1. Whoever watches keeps a
 * number, not a queue: what this ring holds is all that any number of watchers cost. Thread-safe.
 */
final class EventRing {
    /**
     * One event.
     *
     * @param name what a watcher knows it by
     * @param project what it is about; null when it is about none
     * @param text as it goes over the wire; empty for one that has only the other form
     * @param unnamed the same in the form of claude-mem's stream; null when that has no such event
     */
    record Event(
            long number,
            String name,
            @Nullable Project project,
            Buffer text,
            @Nullable Buffer unnamed) {
        /** How many bytes both forms have. */
        int length() {
            return text.length() + (unnamed == null ? 0 : unnamed.length());
        }
    }

    /**
     * What came after a number.
     *
     * @param missed whether events between were dropped
     * @param last the number of the newest event
     */
    record News(List<Event> events, boolean missed, long last) {}

    private final String run;
    private final int maxEvents;
    private final long maxBytes;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private long last;
    private long bytes;

    /** @param run who numbers these events: a number of another run means nothing here */
    EventRing(String run, int maxEvents, long maxBytes) {
        this.run = run;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    /** Runs {@code onNews} after each event, on the thread that adds it. */
    void watch(Runnable onNews) {
        watchers.add(onNews);
    }

    /** Adds an event, whose text is its name and its data behind the id. */
    void add(String name, @Nullable Project project, String json) {
        add(name, project, json, null);
    }

    /** @param unnamed what the other form of the stream tells of it; null when it does not know such events */
    void add(String name, @Nullable Project project, String json, @Nullable String unnamed) {
        add(name, project, (Function<String, Buffer>) id -> EventText.event(id, name, json), unnamed);
    }

    /** Adds an event that only the other form of the stream knows. */
    void addUnnamed(String json) {
        add("", null, (Function<String, Buffer>) id -> Buffer.buffer(), json);
    }

    private void add(String name, @Nullable Project project, Function<String, Buffer> text, @Nullable String unnamed) {
        synchronized (this) {
            last++;
            Buffer other = unnamed == null ? null : EventText.unnamed(unnamed);
            Event event = new Event(last, name, project, text.apply(id(last)), other);
            events.addLast(event);
            bytes += event.length();
            while (events.size() > maxEvents || (bytes > maxBytes && events.size() > 1)) {
                bytes -= events.removeFirst().length();
            }
        }
        watchers.forEach(Runnable::run);
    }

    /** Numbers an event that nobody can miss, and forgets those before it. */
    synchronized void skip() {
        last++;
        events.clear();
        bytes = 0;
    }

    /** Everything after this number that is still there. */
    synchronized News after(long number) {
        if (number == last) {
            return new News(List.of(), false, last);
        }
        boolean missed = number > last || number < last - events.size();
        List<Event> after = new ArrayList<>();
        if (!missed) {
            var newestFirst = events.descendingIterator();
            while (newestFirst.hasNext()) {
                Event event = newestFirst.next();
                if (event.number() <= number) {
                    break;
                }
                after.add(event);
            }
            Collections.reverse(after);
        }
        return new News(after, missed, last);
    }

    synchronized long last() {
        return last;
    }

    /** What a client is told to come back with. */
    String id(long number) {
        return run + "-" + number;
    }

    /** The number of an id; -1 for one that this ring never gave. */
    long number(String id) {
        int digits = id.lastIndexOf('-') + 1;
        if (digits == 0 || !id.substring(0, digits - 1).equals(run)) {
            return -1;
        }
        String number = id.substring(digits);
        boolean plain =
                !number.isEmpty() && number.length() <= 18 && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? Long.parseLong(number) : -1;
    }
}
