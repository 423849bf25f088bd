package dev.cairn.store.foreign;

import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportLine.TurnKey;
import dev.cairn.bus.Origin;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.bus.claudemem.ForeignMemory.Lines;
import dev.cairn.bus.claudemem.ForeignRow;
import dev.cairn.bus.claudemem.RowLines;
import dev.cairn.bus.claudemem.RowLines.Mapped;
import dev.cairn.bus.claudemem.RowLines.Owner;
import dev.cairn.model.Project;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads one row of the copy as the lines it becomes: its session's and its turn's first, so that each row can be taken in by itself.
 * Blocks. For one thread at a time.
 */
final class RowReader {
    /** No row's text is read beyond this, in characters. */
    private static final int MOST_TEXT = 4 << 20;

    private final CopyQueries queries;
    private final Columns columns;

    /** @param queries of a copy that is in {@link RowOrder} */
    RowReader(CopyQueries queries, Columns columns) {
        this.queries = queries;
        this.columns = columns;
    }

    /** Where a row belongs: see {@link RowOrder}. */
    private record Place(
            @Nullable String platform,
            @Nullable String sessionId,
            @Nullable Long session,
            @Nullable String project,
            @Nullable Long started,
            @Nullable Long ended,
            @Nullable String cwd,
            long prompt,
            boolean extra,
            @Nullable Long first,
            @Nullable Long last) {}

    /** As {@link ForeignMemory#read} says. */
    Lines read(ForeignMemory.Key key, Function<String, @Nullable Project> projects) {
        Long at = key.createdAt();
        if (at == null || !RowLines.isTime(at)) {
            return skip(key.kind() + " without a time");
        }
        Place place = queries.first(
                "SELECT s.platform, coalesce(s.content, '" + RowLines.MEMORY
                        + "-' || coalesce(s.memory, 'session-' || s.id)), s.id,"
                        + " s.project, s.started, s.ended, r.prompt, r.extra, t.first, t.last, s.n, s.cwd FROM cairn_row r"
                        + " LEFT JOIN cairn_session s ON s.n = r.session"
                        + " LEFT JOIN cairn_turn t ON t.session = r.session AND t.prompt = r.prompt WHERE r.pos = ?",
                row -> new Place(
                        row.getString(1),
                        row.getObject(11) == null ? null : row.getString(2),
                        CopyQueries.number(row, 3),
                        row.getString(4),
                        CopyQueries.number(row, 5),
                        CopyQueries.number(row, 6),
                        row.getString(12),
                        row.getLong(7),
                        row.getInt(8) != 0,
                        CopyQueries.number(row, 9),
                        CopyQueries.number(row, 10)),
                key.position());
        return place == null ? skip(key.kind() + " that is gone") : lines(key, at, place, projects);
    }

    private Lines lines(ForeignMemory.Key key, long at, Place place, Function<String, @Nullable Project> projects) {
        Project home = projects.apply(named(place.project()));
        if (home == null) {
            return skip("of a directory that is excluded (project.exclude)");
        }
        String platform = RowLines.platform(place.platform());
        String sessionId = place.sessionId() == null ? null : RowLines.sessionId(place.sessionId());
        Owner ofSession = new Owner(platform, sessionId, home);
        List<ExportLine> before = new ArrayList<>();
        ExportLine session = sessionId == null ? null : session(ofSession, place, at);
        if (key.kind().equals(Origin.SESSION)) {
            return new Lines(before, new Mapped(Objects.requireNonNull(session), null));
        }
        ForeignRow row = row(key);
        String own = row.text("cairn_project");
        Project project = own == null ? home : projects.apply(own);
        if (project == null) {
            return skip("of a directory that is excluded (project.exclude)");
        }
        if (session == null) {
            return key.kind().equals(Origin.OBSERVATION)
                    ? new Lines(
                            before, RowLines.observation(row, key.id(), at, new Owner(platform, null, project), null))
                    : skip(key.kind() + " without a session");
        }
        before.add(session);
        TurnKey turn = place.extra() ? RowLines.turnOfSummary(place.prompt(), key.id()) : RowLines.turn(place.prompt());
        before.add(RowLines.turn(
                ofSession,
                turn,
                place.extra() || place.first() == null ? at : place.first(),
                place.extra() || place.last() == null ? at : place.last()));
        return new Lines(before, mapped(key, row, at, new Owner(platform, sessionId, project), turn));
    }

    private static ExportLine session(Owner owner, Place place, long at) {
        Long started = place.started();
        // Without a begin of its own it has no name that stays the same.
        return started == null
                ? RowLines.session(owner, null, place.cwd(), at, place.ended())
                : RowLines.session(owner, place.session(), place.cwd(), started, place.ended());
    }

    private Mapped mapped(ForeignMemory.Key key, ForeignRow row, long at, Owner owner, TurnKey turn) {
        return switch (key.kind()) {
            case Origin.PROMPT -> RowLines.prompt(row, key.id(), at, owner, turn);
            case Origin.OBSERVATION -> RowLines.observation(row, key.id(), at, owner, turn);
            case Origin.SUMMARY -> RowLines.summary(row, key.id(), at, owner, turn);
            default -> RowLines.toolUse(row, key.id(), at, owner, turn, made(row.number("observation_id")));
        };
    }

    private ExportLine.@Nullable ObservationKey made(@Nullable Long observation) {
        return observation == null
                ? null
                : queries.first(
                        "SELECT id, " + columns.time(RowOrder.OBSERVATIONS, "created_at") + ", "
                                + columns.first(RowOrder.OBSERVATIONS, "title") + " FROM observations WHERE id = ?",
                        row -> RowLines.made(row.getLong(1), row.getLong(2), row.getString(3)),
                        observation);
    }

    private static String named(@Nullable String project) {
        return project == null || project.isBlank() ? ClaudeMemMemory.NO_PROJECT : project.strip();
    }

    private static Lines skip(String why) {
        return new Lines(List.of(), new Mapped(null, why));
    }

    private ForeignRow row(ForeignMemory.Key key) {
        String table = switch (key.kind()) {
            case Origin.PROMPT -> RowOrder.PROMPTS;
            case Origin.OBSERVATION -> RowOrder.OBSERVATIONS;
            case Origin.SUMMARY -> RowOrder.SUMMARIES;
            default -> RowOrder.TOOL_USES;
        };
        String texts = columns.of(table).stream()
                .map(name -> "substr(\"" + name + "\", 1, " + MOST_TEXT + ")")
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + columns.project(table) + ", " + texts + " FROM " + table + " WHERE id = ?";
        Map<String, String> values = new HashMap<>();
        queries.first(
                sql,
                row -> {
                    put(values, "cairn_project", row.getString(1));
                    int column = 2;
                    for (String name : columns.of(table)) {
                        put(values, name, row.getString(column++));
                    }
                    return true;
                },
                key.id());
        return values::get;
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }
}
