package dev.cairn.search;

import dev.cairn.model.CairnException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a text that is too long for one answer. The parts of a text, one after the other, are the text, but for a mark before
 * what goes on in the middle of a line: no part of a quoted line can be taken for a line of ours.
 *
 * @param next where the next part begins, in UTF-16 units from the text's begin; null when this is the last
 */
record Part(String text, @Nullable Integer next) {
    private static final String QUOTE = "  | ";

    /**
     * @param from where the part begins
     * @param room the longest part, in UTF-16 units, 100 or more
     * @throws CairnException INVALID_ARGUMENT when the text ends before that
     */
    static Part of(String whole, int from, int room) {
        if (from > 0 && from >= whole.length()) {
            throw CairnException.invalid(
                    "offset", "offset is past the end; the memory has " + whole.length() + " characters here");
        }
        int begin = from > 0 && Character.isLowSurrogate(whole.charAt(from)) ? from - 1 : from;
        String mark = begin == 0 || whole.charAt(begin - 1) == '\n' ? "" : QUOTE;
        int end = begin + room - mark.length();
        if (end >= whole.length()) {
            return new Part(mark + whole.substring(begin), null);
        }
        // A whole line rather than a full part, unless that costs much.
        int line = whole.lastIndexOf('\n', end - 1) + 1;
        if (line > begin + room / 2) {
            end = line;
        } else if (Character.isHighSurrogate(whole.charAt(end - 1))) {
            end--;
        }
        String text = whole.substring(begin, end);
        return new Part(mark + text + (text.endsWith("\n") ? "" : "\n"), end);
    }
}
