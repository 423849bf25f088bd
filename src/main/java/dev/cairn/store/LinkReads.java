package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Links;
import dev.cairn.bus.LinksQuery;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which observations stand beside which in a session, by time. */
final class LinkReads {
    private static final String IN_SESSION =
            "(SELECT n.id FROM memory n WHERE n.session_id = m.session_id AND n.kind = 1 AND ";

    /** The observation before {@code memory m}, as an expression. */
    static final String PREVIOUS = IN_SESSION
            + "n.created_at <= m.created_at AND (n.created_at, n.id) < (m.created_at, m.id)"
            + " ORDER BY n.created_at DESC, n.id DESC LIMIT 1)";

    /** The observation after {@code memory m}, as an expression. */
    static final String NEXT = IN_SESSION
            + "n.created_at >= m.created_at AND (n.created_at, n.id) > (m.created_at, m.id)"
            + " ORDER BY n.created_at, n.id LIMIT 1)";

    private final Reads reads;
    private final Filters filters;

    LinkReads(Reads reads, Filters filters) {
        this.reads = reads;
        this.filters = filters;
    }

    Future<Links> links(LinksQuery request) {
        if (request.ids().size() > LinksQuery.MAX_IDS) {
            throw CairnException.invalid("ids", "ids has more than " + LinksQuery.MAX_IDS + " items; ask for fewer");
        }
        SearchQuery query = request.query();
        return filters.sessions(query.session()).compose(sessions -> {
            MemoryFilter filter = SearchReads.filter(query, filters.projects(query.project()), sessions);
            return filter.fitsNothing() || request.ids().isEmpty()
                    ? Future.succeededFuture(new Links(List.of()))
                    : reads.all(sql(filter, request.ids()), LinkReads::link).map(Links::new);
        });
    }

    static Sql sql(MemoryFilter filter, List<Long> ids) {
        return new Sql()
                .add("SELECT json_array(m.id, m.session_id, CASE m.kind WHEN 1 THEN " + PREVIOUS + " END,"
                        + " CASE m.kind WHEN 1 THEN " + NEXT + " END, m.created_at)")
                .add(" FROM json_each(?) wanted CROSS JOIN memory m ON m.id = wanted.value", WireFormat.encode(ids))
                .add(" WHERE 1")
                .add(filter.conditions());
    }

    private static Links.Link link(JsonNode row) {
        return new Links.Link(
                row.get(0).asLong(),
                id(row.get(1)),
                id(row.get(2)),
                id(row.get(3)),
                row.get(4).asLong());
    }

    private static @Nullable Long id(JsonNode cell) {
        return cell.isNull() ? null : cell.asLong();
    }
}
