package dev.cairn.context;

import dev.cairn.model.PlainText;

/** What may still be written, in tokens and in UTF-16 units. Counts as {@link PlainText#tokens} does. */
final class Budget {
    private static final int LATIN_PER_TOKEN = 4;

    /** A quarter of a token is the smallest part: one Latin character. */
    private long quarters;

    private int units;

    Budget(int tokens, int units) {
        this.quarters = (long) tokens * LATIN_PER_TOKEN;
        this.units = units;
    }

    private Budget(long quarters, int units) {
        this.quarters = quarters;
        this.units = units;
    }

    /** Takes the room of a text when there is enough; otherwise takes none and says so. */
    boolean take(String text) {
        long needed = text.length() + (LATIN_PER_TOKEN - 1L) * PlainText.wide(text);
        if (needed > quarters || text.length() > units) {
            return false;
        }
        quarters -= needed;
        units -= text.length();
        return true;
    }

    /** Sets so many percent of what is left apart; {@link #giveBack} returns what of it was not used. */
    Budget setApart(int percent) {
        Budget part = new Budget(quarters * percent / 100, units * percent / 100);
        quarters -= part.quarters;
        units -= part.units;
        return part;
    }

    void giveBack(Budget part) {
        quarters += part.quarters;
        units += part.units;
        part.quarters = 0;
        part.units = 0;
    }
}
