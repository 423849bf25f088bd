package dev.cairn.cli.install;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, line by line. */
final class LineDiff {
    /** Beyond so many cells of the table the lines are told apart no further. */
    private static final long MOST_CELLS = 4_000_000;

    private LineDiff() {}

    /** Lines that go begin with a minus, those that come with a plus; those that stay, a comma at the end apart, are left out. */
    static List<String> of(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> fresh = after.lines().toList();
        int head = 0;
        while (head < Math.min(old.size(), fresh.size()) && same(old.get(head), fresh.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(old.size(), fresh.size()) - head
                && same(old.get(old.size() - 1 - tail), fresh.get(fresh.size() - 1 - tail))) {
            tail++;
        }
        return told(old.subList(head, old.size() - tail), fresh.subList(head, fresh.size() - tail));
    }

    /** By the longest common subsequence. */
    private static List<String> told(List<String> old, List<String> fresh) {
        List<String> lines = new ArrayList<>();
        if ((long) old.size() * fresh.size() > MOST_CELLS) {
            lines.add("(" + old.size() + " lines become " + fresh.size() + ")");
            return lines;
        }
        int[][] common = new int[old.size() + 1][fresh.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = fresh.size() - 1; j >= 0; j--) {
                common[i][j] = same(old.get(i), fresh.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < old.size() || j < fresh.size()) {
            if (i < old.size() && j < fresh.size() && same(old.get(i), fresh.get(j))) {
                i++;
                j++;
            } else if (j == fresh.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + old.get(i++));
            } else {
                lines.add("+ " + fresh.get(j++));
            }
        }
        return lines;
    }

    /** A comma at the end is no difference: it comes when something is put behind the line, which is told anyway. */
    private static boolean same(String old, String fresh) {
        return old.equals(fresh) || bare(old).equals(bare(fresh));
    }

    private static String bare(String line) {
        String bare = line.stripTrailing();
        return bare.endsWith(",") ? bare.substring(0, bare.length() - 1) : bare;
    }
}
