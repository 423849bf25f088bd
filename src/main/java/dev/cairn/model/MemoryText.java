package dev.cairn.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one memory, field by field, until its room is used up. */
final class MemoryText {
    private static final int FIELD_UNITS = 2_000;

    private final StringBuilder text = new StringBuilder();
    private final int maxUnits;
    private final int fieldUnits;
    private boolean cut;

    MemoryText(int maxUnits) {
        this.maxUnits = maxUnits - CompactText.TAIL_UNITS;
        this.fieldUnits = maxUnits == Integer.MAX_VALUE ? Integer.MAX_VALUE - 1 : FIELD_UNITS;
    }

    void head(long id, String type, long createdAt, Project project) {
        text.append('#').append(id).append(' ').append(PlainText.line(type, 32));
        text.append(' ')
                .append(CompactText.date(createdAt))
                .append(' ')
                .append(CompactText.time(createdAt))
                .append(" UTC, project ");
        text.append(PlainText.line(project.name(), CompactText.NAME_UNITS));
        if (!project.key().equals(project.name())) {
            text.append(" (")
                    .append(PlainText.line(project.key(), CompactText.NAME_UNITS * 2))
                    .append(')');
        }
    }

    void origin(@Nullable String sessionId, @Nullable Integer turn) {
        if (sessionId != null) {
            text.append(", session ").append(PlainText.line(sessionId, CompactText.NAME_UNITS));
        }
        if (sessionId != null && turn != null) {
            text.append(" turn ").append(turn);
        }
        text.append('\n');
    }

    void correction(@Nullable Correction correction) {
        if (correction != null) {
            append(CompactText.correctedBy(correction) + " of " + CompactText.date(correction.createdAt()) + "\n");
        }
    }

    void field(String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            append(name + ": " + PlainText.line(value, fieldUnits) + "\n");
        }
    }

    void block(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return;
        }
        String quoted = PlainText.quote(value, CompactText.QUOTE, Integer.MAX_VALUE);
        int room = maxUnits - text.length() - name.length() - 2;
        if (quoted.length() > room) {
            cut = true;
            quoted = PlainText.quote(value, CompactText.QUOTE, Math.max(0, room));
        }
        append(name + ":\n" + quoted);
    }

    void list(String name, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        append(name + ":\n");
        for (String value : values) {
            append("  - " + PlainText.line(value, fieldUnits) + "\n");
        }
    }

    private void append(String part) {
        if (text.length() + part.length() > maxUnits) {
            cut = true;
        } else if (!part.isEmpty()) {
            text.append(part);
        }
    }

    String text() {
        return cut ? text.append("(cut for length)\n").toString() : text.toString();
    }
}
