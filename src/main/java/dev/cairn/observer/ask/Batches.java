package dev.cairn.observer.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.PrivacyConfig;
import dev.cairn.model.EventKind;
import dev.cairn.model.Observation;
import dev.cairn.model.ToolUse;
import dev.cairn.observer.rules.TurnFacts;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.SizeCaps;
import dev.cairn.privacy.TextCleaner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a turn into batches and writes each as a JSON document: recorded text stands in JSON strings, so nothing in it can end the
 * data and begin to instruct.
 *
 * <p>All texts go through the privacy filter once more: what was recorded before a rule was added must not reach a model either.
 * Thread-safe; linear in the size of the batch, so not for an event loop.
 */
final class Batches {
    /** A turn without a tool use is worth a question when so much was said, in UTF-16 units. */
    private static final int MUCH_SAID = 400;

    private static final int REPORT_BYTES = 2 * 1024;

    private final PrivacyFilter privacy;
    private final int historyTokens;

    Batches(PrivacyConfig privacy, int historyTokens) {
        this.privacy = new PrivacyFilter(privacy);
        this.historyTokens = historyTokens;
    }

    /** The next batch of a turn, within a size. */
    Batch next(TurnWork work, TurnFacts facts, Size size) {
        TextCleaner cleaner = new TextCleaner(privacy, new SizeCaps(size.fieldBytes()));
        Set<Long> fresh = new HashSet<>(work.fresh());
        List<ToolUse> told = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        ArrayNode uses = WireFormat.mapper().createArrayNode();
        int tokens = 0;
        boolean full = false;
        for (ToolUse use : work.toolUses()) {
            if (!fresh.contains(use.id())) {
                continue;
            }
            if (!facts.isHousekeeping(use)) {
                ObjectNode written = write(use, told.size() + 1, cleaner);
                int more = Tokens.estimate(written.toString());
                if (told.size() >= size.uses() || (!told.isEmpty() && tokens + more > size.tokens())) {
                    full = true;
                    break;
                }
                tokens += more;
                uses.add(written);
                told.add(use);
            }
            seen.add(use.id());
        }
        boolean last = !full && !work.more();
        String opening = size.history() ? earlier(work.earlier(), cleaner) : "";
        return new Batch(
                told,
                seen,
                last,
                !told.isEmpty() || (last && hasMoreToTell(work, facts)),
                opening,
                document(work, facts, uses, last, cleaner).toString());
    }

    private static boolean hasMoreToTell(TurnWork work, TurnFacts facts) {
        return facts.said().length() >= MUCH_SAID
                || work.toolUses().stream().anyMatch(use -> !facts.isHousekeeping(use))
                || work.notes().stream().anyMatch(note -> note.kind() == EventKind.COMPACT && hasText(note));
    }

    private static boolean hasText(TurnNote note) {
        return note.text() != null && !note.text().isBlank();
    }

    private static ObjectNode document(
            TurnWork work, TurnFacts facts, ArrayNode uses, boolean last, TextCleaner cleaner) {
        ObjectNode document = WireFormat.mapper().createObjectNode();
        document.put("project", work.project().name());
        document.put("root", work.project().key());
        document.put(
                "asked",
                work.prompt() == null ? "" : cleaner.cleanText(work.prompt().text()));
        document.set("toolUses", uses);
        if (last) {
            document.put("said", cleaner.cleanText(facts.said()));
            ArrayNode reports = document.putArray("reports");
            TextCleaner shorter = cleaner;
            facts.reports().forEach(report -> reports.add(shorter.cleanText(clip(report))));
            String compacted = compacted(work.notes());
            if (compacted != null) {
                document.put("summaryOfConversation", cleaner.cleanText(compacted));
            }
            document.put("interrupted", facts.interrupted());
        }
        return document.put("last", last);
    }

    private static String clip(String report) {
        return report.length() <= REPORT_BYTES ? report : report.substring(0, REPORT_BYTES);
    }

    /** What the host itself wrote when it compacted the conversation: the last of it. */
    private static @Nullable String compacted(List<TurnNote> notes) {
        String text = null;
        for (TurnNote note : notes) {
            text = note.kind() == EventKind.COMPACT && hasText(note) ? note.text() : text;
        }
        return text;
    }

    private static ObjectNode write(ToolUse use, int ref, TextCleaner cleaner) {
        ObjectNode written = WireFormat.mapper().createObjectNode();
        written.put("ref", ref).put("tool", cleaner.cleanText(use.toolName()));
        put(written, "input", use.input(), cleaner);
        put(written, "output", use.response(), cleaner);
        if (use.error() != null) {
            written.put("error", cleaner.cleanText(use.error()));
        }
        if (use.agentId() != null) {
            written.put("subAgent", use.agentId());
        }
        return written;
    }

    /** JSON stays JSON; what is none, as some hosts send, is a text. */
    private static void put(ObjectNode written, String name, @Nullable String json, TextCleaner cleaner) {
        if (json == null) {
            return;
        }
        try {
            JsonNode node = WireFormat.mapper().readTree(cleaner.cleanJson(json));
            written.set(name, node);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            written.put(name, cleaner.cleanText(json));
        }
    }

    /** The latest that fits, oldest first; each once. */
    private String earlier(List<Observation> all, TextCleaner cleaner) {
        Map<Long, ObjectNode> kept = new LinkedHashMap<>();
        int tokens = 0;
        for (int i = all.size() - 1; i >= 0; i--) {
            Observation each = all.get(i);
            ObjectNode item = WireFormat.mapper().createObjectNode();
            item.put("type", each.type()).put("title", cleaner.cleanText(each.title()));
            if (each.subtitle() != null) {
                item.put("subtitle", cleaner.cleanText(each.subtitle()));
            }
            tokens += Tokens.estimate(item.toString());
            if (tokens > historyTokens) {
                break;
            }
            kept.putIfAbsent(each.id(), item);
        }
        if (kept.isEmpty()) {
            return "";
        }
        List<ObjectNode> items = new ArrayList<>(kept.values());
        java.util.Collections.reverse(items);
        ObjectNode opening = WireFormat.mapper().createObjectNode();
        opening.putArray("earlier").addAll(items);
        return opening.toString();
    }
}
