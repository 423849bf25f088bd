package dev.cairn.session;

import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import dev.cairn.model.CairnException;
import dev.cairn.privacy.Blobs;
import dev.cairn.privacy.PrivacyFilter;
import org.jspecify.annotations.Nullable;

/** What a memory written by hand must be like, and what the privacy filter makes of it. */
final class SaveRules {
    private static final int FACTS = 200;
    private static final int FACT = 10_000;
    private static final int FILES = 1_000;
    private static final int FILE = 4_096;

    private SaveRules() {}

    /** @throws CairnException INVALID_ARGUMENT naming the first field at fault */
    static void check(SaveMemories request) {
        int count = request.memories().size();
        if (count < 1 || count > SaveMemories.MAX_MEMORIES) {
            throw CairnException.invalid(
                    "memories",
                    "memories must hold 1 to " + SaveMemories.MAX_MEMORIES + ", not " + count + "; save fewer at once");
        }
        FieldRules.platform(request.platform(), "platform");
        for (int i = 0; i < count; i++) {
            check(request.memories().get(i), "memories[" + i + "].");
        }
    }

    private static void check(NewMemory memory, String at) {
        filled(memory.text(), NewMemory.MAX_TEXT, at + "text");
        FieldRules.atMost(memory.title(), NewMemory.MAX_TITLE, at + "title");
        filled(memory.project(), NewMemory.MAX_PROJECT, at + "project");
        String type = memory.type();
        if (type != null) {
            FieldRules.type(type, at + "type");
        }
        String session = memory.session();
        if (session != null) {
            filled(session, NewMemory.MAX_SESSION, at + "session");
            FieldRules.printable(session, at + "session");
        }
        FieldRules.all(memory.facts(), FACTS, FACT, at + "facts");
        FieldRules.all(memory.files(), FILES, FILE, at + "files");
        if (memory.supersedes().size() > NewMemory.MAX_SUPERSEDED) {
            throw CairnException.invalid(
                    at + "supersedes",
                    at + "supersedes must hold at most " + NewMemory.MAX_SUPERSEDED + " ids, not "
                            + memory.supersedes().size());
        }
        Long createdAt = memory.createdAt();
        if (createdAt != null && !FieldRules.isTime(createdAt)) {
            throw CairnException.invalid(at + "createdAt", at + "createdAt must be epoch milliseconds");
        }
    }

    private static void filled(String value, int most, String field) {
        FieldRules.length(value, 1, most, field);
        if (value.isBlank()) {
            throw CairnException.invalid(field, field + " is blank; say something");
        }
    }

    /** How many UTF-16 units of text there are to filter. */
    static long weight(SaveMemories request) {
        long weight = 0;
        for (NewMemory memory : request.memories()) {
            weight += memory.text().length();
            for (String fact : memory.facts()) {
                weight += fact.length();
            }
        }
        return weight;
    }

    static SaveMemories clean(SaveMemories request, PrivacyFilter privacy) {
        return new SaveMemories(
                request.memories().stream()
                        .map(memory -> clean(memory, privacy))
                        .toList(),
                request.platform());
    }

    private static NewMemory clean(NewMemory memory, PrivacyFilter privacy) {
        return new NewMemory(
                clean(memory.text(), NewMemory.MAX_TEXT, privacy),
                title(memory.title(), privacy),
                memory.type(),
                memory.project().strip(),
                memory.facts().stream()
                        .filter(fact -> !fact.isBlank())
                        .map(fact -> clean(fact, FACT, privacy))
                        .toList(),
                memory.files(),
                memory.createdAt(),
                memory.session(),
                memory.supersedes());
    }

    private static @Nullable String title(@Nullable String title, PrivacyFilter privacy) {
        return title == null || title.isBlank() ? null : clean(title, NewMemory.MAX_TITLE, privacy);
    }

    /** The text without what must not be kept, and not longer than this. */
    static String clean(String text, int most, PrivacyFilter privacy) {
        String clean = privacy.filter(Blobs.replace(text));
        if (clean.length() <= most) {
            return clean;
        }
        // Markers can be longer than what they stand for.
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most);
    }
}
