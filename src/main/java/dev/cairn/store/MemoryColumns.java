package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.MemoryRow;
import dev.cairn.model.CommandRun;
import dev.cairn.model.Correction;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.Summary;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A memory of any kind as queries answer it, and what is made of it. */
final class MemoryColumns {
    /** The columns of a memory with its {@link #JOINS}, for {@code json_array}. */
    static final String COLUMNS = "m.id, m.kind, p.key, p.name, m.platform, s.session_id, t.number, m.created_at,"
            + " m.type, m.title, m.subtitle, m.text, json(m.facts), json(m.concepts), json(m.files_read),"
            + " json(m.files_modified), json(m.commands), m.request, m.investigated, m.learned, m.completed,"
            + " m.next_steps, m.notes, " + Supersession.COLUMN + ", nullif(m.times, 1)";

    /** How many columns there are: what a query adds stands behind them. */
    static final int COUNT = 25;

    /** What follows {@code FROM memory m}. Cross joins keep the order: memories first, by the index of the query. */
    static final String JOINS = " CROSS JOIN project p ON p.id = m.project_id"
            + " LEFT JOIN session s ON s.id = m.session_id LEFT JOIN turn t ON t.id = m.turn_id";

    private final JsonNode row;

    MemoryColumns(JsonNode row) {
        this.row = row;
    }

    Kind kind() {
        return Kinds.of(row.get(1).asInt());
    }

    Observation observation() {
        String type = typeOr("note");
        return new Observation(
                id(),
                project(),
                platform(),
                text(5),
                turn(),
                type,
                Titles.of(text(9), text(11), type),
                text(10),
                text(11),
                texts(12),
                texts(13),
                texts(14),
                texts(15),
                commands(),
                createdAt(),
                supersededBy(),
                times());
    }

    Summary summary() {
        return new Summary(
                id(),
                project(),
                platform(),
                orEmpty(text(5)),
                turnNumber(),
                text(17),
                text(18),
                text(19),
                text(20),
                text(21),
                text(22),
                texts(14),
                texts(15),
                createdAt());
    }

    Prompt prompt() {
        return new Prompt(id(), project(), platform(), text(5), turnNumber(), orEmpty(text(11)), createdAt());
    }

    /** Its line in an export: as it is stored, with nothing made up. */
    ExportLine exported(
            ExportLine.@Nullable TurnKey turn,
            @Nullable Integer copy,
            List<ExportLine.CorrectedKey> supersedes,
            @Nullable String source) {
        return switch (kind()) {
            case PROMPT ->
                new ExportLine.PromptLine(
                        ExportLine.PromptLine.NAME,
                        id(),
                        project(),
                        platform(),
                        text(5),
                        turn,
                        orEmpty(text(11)),
                        createdAt(),
                        copy,
                        source);
            case OBSERVATION ->
                new ExportLine.ObservationLine(
                        ExportLine.ObservationLine.NAME,
                        id(),
                        project(),
                        platform(),
                        text(5),
                        turn,
                        typeOr("note"),
                        text(9),
                        text(10),
                        text(11),
                        texts(12),
                        texts(13),
                        texts(14),
                        texts(15),
                        commands(),
                        createdAt(),
                        copy,
                        supersedes,
                        source,
                        times());
            case SUMMARY ->
                new ExportLine.SummaryLine(
                        ExportLine.SummaryLine.NAME,
                        id(),
                        project(),
                        platform(),
                        orEmpty(text(5)),
                        Objects.requireNonNull(turn, "a summary has a turn"),
                        text(17),
                        text(18),
                        text(19),
                        text(20),
                        text(21),
                        text(22),
                        texts(14),
                        texts(15),
                        createdAt(),
                        source);
        };
    }

    MemoryRow memory(double score) {
        List<String> files = MemoryText.union(texts(14), texts(15));
        String title = switch (kind()) {
            case OBSERVATION -> Titles.of(text(9), text(11), typeOr("note"));
            case SUMMARY -> Titles.of(null, text(17), "Summary");
            case PROMPT -> Titles.of(null, text(11), "Prompt");
        };
        String body = switch (kind()) {
            case OBSERVATION -> MemoryText.observation(text(11), texts(12), commands(), texts(13), files);
            case SUMMARY ->
                MemoryText.summary(
                        title.equals(text(17)) ? null : text(17),
                        text(18),
                        text(19),
                        text(20),
                        text(21),
                        text(22),
                        String.join("\n", files));
            case PROMPT -> orEmpty(text(11));
        };
        return new MemoryRow(
                kind(),
                id(),
                kind() == Kind.OBSERVATION ? text(8) : null,
                title,
                text(10),
                body,
                project(),
                platform(),
                text(5),
                files,
                createdAt(),
                score,
                supersededBy(),
                times());
    }

    long id() {
        return row.get(0).asLong();
    }

    long createdAt() {
        return row.get(7).asLong();
    }

    private @Nullable Correction supersededBy() {
        return Supersession.correction(row.get(23));
    }

    private @Nullable Integer times() {
        return row.get(24).isNull() ? null : row.get(24).asInt();
    }

    private Project project() {
        return new Project(row.get(2).asText(), row.get(3).asText());
    }

    private String platform() {
        return row.get(4).asText();
    }

    private @Nullable Integer turn() {
        return row.get(6).isNull() ? null : row.get(6).asInt();
    }

    private int turnNumber() {
        Integer turn = turn();
        return turn == null ? 0 : turn;
    }

    private String typeOr(String fallback) {
        String type = text(8);
        return type == null ? fallback : type;
    }

    private List<CommandRun> commands() {
        return Json.commands(row.get(16));
    }

    private @Nullable String text(int column) {
        return Json.text(row.get(column));
    }

    private List<String> texts(int column) {
        return Json.texts(row.get(column));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
