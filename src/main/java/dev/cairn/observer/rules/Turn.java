package dev.cairn.observer.rules;

import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.EventKind;
import dev.cairn.model.ToolUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A turn, read.
 *
 * @param request what was asked, on one line; empty when that is not known
 * @param calls all tool uses, oldest first
 * @param said what the agent said last; empty when it said nothing
 * @param saidAt when, epoch milliseconds; 0 when it said nothing
 * @param ended whether the agent's end of the turn was recorded
 * @param reports what sub-agents said last, by their ids
 */
record Turn(
        String request,
        Intent intent,
        List<ToolCall> calls,
        String said,
        long saidAt,
        boolean ended,
        Map<String, String> reports,
        long endedAt) {
    private static final int MAX_REQUEST = 500;
    private static final int MAX_SAID = 20_000;
    private static final int MAX_REPORT = 2_000;

    static Turn of(TurnWork work) {
        ToolCallReader reader =
                new ToolCallReader(new ProjectPaths(work.project().key()));
        Set<Long> fresh = new HashSet<>(work.fresh());
        List<ToolCall> calls = new ArrayList<>(work.toolUses().size());
        for (ToolUse use : work.toolUses()) {
            calls.add(reader.read(use, fresh.contains(use.id())));
        }
        String request = work.prompt() == null ? "" : request(work.prompt().text());
        String said = "";
        long saidAt = 0;
        boolean ended = false;
        Map<String, String> reports = new TreeMap<>();
        for (TurnNote note : work.notes()) {
            String text = note.text() == null ? "" : note.text();
            if (note.kind() == EventKind.STOP) {
                ended = true;
                if (!text.isBlank()) {
                    said = text.substring(0, Math.min(text.length(), MAX_SAID));
                    saidAt = note.at();
                }
            } else if (note.kind() == EventKind.SUBAGENT_STOP && note.agentId() != null && !isCompaction(note)) {
                reports.put(note.agentId(), Texts.oneLine(text, MAX_REPORT));
            }
        }
        return new Turn(request, Intent.of(request), List.copyOf(calls), said, saidAt, ended, reports, work.endedAt());
    }

    /** Compacting a conversation ends a nameless sub-agent whose words are the host's summary, no report. */
    private static boolean isCompaction(TurnNote note) {
        return note.detail() == null || note.detail().isEmpty();
    }

    /** The prompt on one line; what a host wraps around its own notices is taken off. */
    private static String request(String prompt) {
        if (prompt.strip().startsWith("<task-notification>")) {
            String summary = between(prompt, "<summary>", "</summary>");
            return "Notice of a background task" + (summary == null ? "" : ": " + Texts.oneLine(summary, 300));
        }
        return Texts.oneLine(prompt, MAX_REQUEST);
    }

    private static @Nullable String between(String text, String open, String close) {
        int from = text.indexOf(open);
        int to = from < 0 ? -1 : text.indexOf(close, from);
        return to < 0 ? null : text.substring(from + open.length(), to);
    }

    /** Whether the user stopped the agent or refused a tool. */
    boolean interrupted() {
        return !ended && calls.stream().anyMatch(ToolCall::interrupted);
    }

    /** What a sub-agent's call brought: its answer, or what it said at its end. */
    String report(ToolCall call) {
        if (!call.answer().isEmpty()) {
            return call.answer();
        }
        String report = call.startedAgent() == null ? null : reports.get(call.startedAgent());
        return report == null ? "" : report;
    }

    /** What was asked, for a subtitle; empty when that is not known. */
    String askedShort() {
        return request.isEmpty() ? "" : "Asked: " + Texts.firstSentences(request, 140);
    }

    /** A sentence that tells what was asked; empty when that is not known. */
    String asked(int max) {
        return request.isEmpty() ? "" : "The user asked: " + Texts.quote(Texts.firstSentences(request, max));
    }
}
