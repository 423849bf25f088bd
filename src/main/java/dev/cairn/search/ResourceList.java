package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.What;
import dev.cairn.mcp.McpFault;
import dev.cairn.mcp.McpResources;
import dev.cairn.mcp.McpResources.Resource;
import dev.cairn.model.CompactText;
import dev.cairn.model.Observation;
import dev.cairn.model.PlainText;
import dev.cairn.model.Session;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pages of what may be attached: the newest sessions, then the newest observations. So many that all
 * of them have room in one answer for a model: hosts read every page when they connect, and hand a model the whole list.
 */
final class ResourceList {
    static final int PAGE = 40;
    static final int MAX_SESSIONS = 20;
    static final int MAX_OBSERVATIONS = 60;
    private static final int NAME_UNITS = 80;

    /** Where a page begins: how many of its kind came before, and the store's cursor behind them. */
    private record Place(What what, int before, @Nullable String cursor) {
        private static final Pattern FORM = Pattern.compile("([so]):(\\d{1,4}):(.{0,200})");

        @Override
        public String toString() {
            String plain = (what == What.SESSIONS ? "s:" : "o:") + before + ":" + (cursor == null ? "" : cursor);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }

        static Place parse(@Nullable String text) {
            if (text == null) {
                return new Place(What.SESSIONS, 0, null);
            }
            try {
                Matcher parts = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
                if (parts.matches()) {
                    return new Place(
                            parts.group(1).equals("s") ? What.SESSIONS : What.OBSERVATIONS,
                            Integer.parseInt(parts.group(2)),
                            parts.group(3).isEmpty() ? null : parts.group(3));
                }
            } catch (IllegalArgumentException e) {
                throw strange();
            }
            throw strange();
        }

        private static McpFault strange() {
            return McpFault.invalid("cursor is not one a page gave out; leave it out to begin anew");
        }
    }

    private final Bus bus;

    ResourceList(Bus bus) {
        this.bus = bus;
    }

    Future<McpResources.Page> page(@Nullable String cursor) {
        return fill(Place.parse(cursor), new ArrayList<>());
    }

    /** At most two steps: what sessions leave of a page, observations fill. */
    private Future<McpResources.Page> fill(Place place, List<Resource> page) {
        int most = place.what() == What.SESSIONS ? MAX_SESSIONS : MAX_OBSERVATIONS;
        int limit = Math.min(PAGE - page.size(), most - place.before());
        if (limit < 1) {
            throw Place.strange();
        }
        PageQuery query = new PageQuery(place.what(), null, null, null, null, null, limit, place.cursor());
        return bus.request(Addresses.STORE_PAGE, query).compose(found -> {
            found.sessions().forEach(session -> page.add(resource(session)));
            found.observations().forEach(observation -> page.add(resource(observation)));
            Place next = next(place, found, most);
            return next == null || page.size() >= PAGE
                    ? Future.succeededFuture(new McpResources.Page(page, next == null ? null : next.toString()))
                    : fill(next, page);
        });
    }

    private static @Nullable Place next(Place place, Page found, int most) {
        int before =
                place.before() + found.sessions().size() + found.observations().size();
        if (found.next() != null && before < most) {
            return new Place(place.what(), before, found.next());
        }
        return place.what() == What.SESSIONS ? new Place(What.OBSERVATIONS, 0, null) : null;
    }

    private static Resource resource(Session session) {
        return new Resource(
                MemoryUri.of(MemoryUri.SESSION, session.id()),
                "session " + session.id(),
                PlainText.line(
                        "Session of " + CompactText.date(session.startedAt()) + " "
                                + CompactText.time(session.startedAt()) + " UTC, "
                                + session.project().name() + ", prompts: " + session.prompts(),
                        NAME_UNITS),
                "text/plain",
                session.endedAt() == null ? session.startedAt() : session.endedAt());
    }

    private static Resource resource(Observation observation) {
        return new Resource(
                MemoryUri.of("observation", observation.id()),
                "observation " + observation.id(),
                PlainText.line(observation.type() + ": " + observation.title(), NAME_UNITS),
                "text/plain",
                observation.createdAt());
    }
}
