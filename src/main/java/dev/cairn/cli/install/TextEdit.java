package dev.cairn.cli.install;

/**
 * One place of a text before and after.
 *
 * @param at in UTF-16 units, the same before and after
 */
record TextEdit(int at, String removed, String inserted) {
    String applied(String text) {
        return replaced(text, removed, inserted);
    }

    String undone(String text) {
        return replaced(text, inserted, removed);
    }

    private String replaced(String text, String there, String instead) {
        if (!text.startsWith(there, at)) {
            throw new IllegalArgumentException("the text is another one");
        }
        return text.substring(0, at) + instead + text.substring(at + there.length());
    }
}
