package dev.cairn.store;

import dev.cairn.model.CairnException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Where a page of an export ended, and what there was when the export began: what is stored later is not in it.
 *
 * @param section the part it stands in, by its place in {@link ExportReads}
 * @param last the row after which the next page begins
 */
record ExportCursor(int section, long last, long sessions, long turns, long memories, long toolUses, long notes) {
    private static final int NUMBERS = 7;

    /** @throws CairnException INVALID_ARGUMENT for a text that no page gave out */
    static ExportCursor parse(String text) {
        if (!text.matches("\\d{1,18}(-\\d{1,18}){" + (NUMBERS - 1) + "}")) {
            throw invalid();
        }
        long[] n = Arrays.stream(text.split("-")).mapToLong(Long::parseLong).toArray();
        if (n[0] >= ExportReads.SECTIONS) {
            throw invalid();
        }
        return new ExportCursor((int) n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
    }

    private static CairnException invalid() {
        return CairnException.invalid("cursor", "cursor is not one a page gave out; leave it out to begin anew");
    }

    ExportCursor after(long row) {
        return new ExportCursor(section, row, sessions, turns, memories, toolUses, notes);
    }

    ExportCursor nextSection() {
        return new ExportCursor(section + 1, 0, sessions, turns, memories, toolUses, notes);
    }

    @Override
    public String toString() {
        return LongStream.of(section, last, sessions, turns, memories, toolUses, notes)
                .mapToObj(Long::toString)
                .collect(Collectors.joining("-"));
    }
}
