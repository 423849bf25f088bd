package dev.cairn.store;

import dev.cairn.model.CairnException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page ended: the next one begins behind this row, whatever was added since. */
record Cursor(long at, long id) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    /** @throws CairnException INVALID_ARGUMENT for a text that no page gave out */
    static Cursor parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw CairnException.invalid("cursor", "cursor is not one a page gave out; leave it out to begin anew");
        }
        return new Cursor(Long.parseLong(form.group(1)), Long.parseLong(form.group(2)));
    }

    @Override
    public String toString() {
        return at + "-" + id;
    }
}
