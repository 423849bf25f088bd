package dev.cairn.privacy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds many literal keywords in one pass over a text (Aho-Corasick), in any case of ASCII letters. The time is linear in
 * the text, whatever it holds. Immutable.
 */
final class KeywordFinder {
    private static final int ASCII = 128;

    /** Hears of a keyword that ends before {@code end}. */
    interface Listener {
        void found(int keyword, int end);
    }

    /** The column of each ASCII character in the table; 0 for characters of no keyword. */
    private final byte[] columns = new byte[ASCII];

    private final int width;
    /** Where each character leads from each state; the sign says that keywords end there. States count in rows. */
    private final int[] table;
    /** Per state the keywords that end there. */
    private final int[][] ends;

    /** @param keywords ASCII; their positions are their numbers */
    KeywordFinder(List<String> keywords) {
        int used = 1;
        int size = 1;
        for (String keyword : keywords) {
            size += keyword.length();
            for (char c : keyword.toLowerCase(Locale.ROOT).toCharArray()) {
                if (columns[c] == 0) {
                    columns[c] = (byte) used++;
                }
            }
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            columns[c] = columns[c + ('a' - 'A')];
        }
        width = used;
        short[] next = new short[size * width];
        List<List<Integer>> ending = new ArrayList<>();
        ending.add(new ArrayList<>());
        for (int k = 0; k < keywords.size(); k++) {
            int state = 0;
            for (char c : keywords.get(k).toLowerCase(Locale.ROOT).toCharArray()) {
                int cell = state * width + columns[c];
                if (next[cell] == 0) {
                    next[cell] = (short) ending.size();
                    ending.add(new ArrayList<>());
                }
                state = next[cell];
            }
            ending.get(state).add(k);
        }
        completeTable(next, ending);
        ends = ending.stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        table = new int[ends.length * width];
        for (int cell = 0; cell < table.length; cell++) {
            int row = next[cell] * width;
            table[cell] = ends[next[cell]].length > 0 ? -row : row;
        }
    }

    /** Turns the tree into an automaton: a missing branch goes where the longest proper suffix goes. */
    private void completeTable(short[] next, List<List<Integer>> ending) {
        int[] suffix = new int[ending.size()];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int column = 1; column < width; column++) {
            if (next[column] != 0) {
                queue.add((int) next[column]);
            }
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            ending.get(state).addAll(ending.get(suffix[state]));
            for (int column = 1; column < width; column++) {
                int cell = state * width + column;
                short fallback = next[suffix[state] * width + column];
                if (next[cell] == 0) {
                    next[cell] = fallback;
                } else {
                    suffix[next[cell]] = fallback;
                    queue.add((int) next[cell]);
                }
            }
        }
    }

    void find(String text, Listener listener) {
        int row = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            row = table[row + (c < ASCII ? columns[c] : 0)];
            if (row < 0) {
                row = -row;
                for (int keyword : ends[row / width]) {
                    listener.found(keyword, i + 1);
                }
            }
        }
    }
}
