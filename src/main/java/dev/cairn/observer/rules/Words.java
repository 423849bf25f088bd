package dev.cairn.observer.rules;

import java.util.List;
import java.util.Set;

/** Word lists, written as text. */
final class Words {
    private Words() {}

    /** The words of the text, parted by white space. */
    static Set<String> set(String text) {
        return Set.copyOf(list(text));
    }

    /** The words of the text in their order. */
    static List<String> list(String text) {
        return List.of(text.strip().split("\\s{1,200}", -1));
    }
}
