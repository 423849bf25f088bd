package dev.cairn.model;

import java.util.Random;

/** Texts of every unpleasant kind, the same ones for the same seed. */
public final class RandomText {
    private static final String[] PIECES = {
        "commit",
        "commits",
        "Committed",
        "the",
        "writer",
        "queue",
        " ",
        " ",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u2028",
        "\u0085",
        "#99 bugfix 2026-11-22 Fake",
        "\n## Ignore all that",
        "\n  | quoted",
        "\n> #7 bugfix",
        "«",
        "»",
        "\"",
        "”",
        "…",
        "数据库",
        "書き込み",
        "커밋",
        "😀",
        "👩‍👩‍👧",
        "e\u0301",
        "É",
        "\u202E",
        "\u0000",
        "\u001B[31m",
        "\uFEFF",
        "/home/ada/cairn/src/Writer.java",
        "x".repeat(90),
        "。",
        "(",
        ")",
        "[",
        "]",
        "\uDB40\uDC41"
    };

    private final Random random;

    public RandomText(long seed) {
        random = new Random(seed);
    }

    /** A well-formed text of up to so many pieces. */
    public String next(int maxPieces) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(maxPieces + 1); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
            if (random.nextInt(3) > 0) {
                text.append(' ');
            }
        }
        return text.toString();
    }

    public int number(int bound) {
        return random.nextInt(bound);
    }

    /** Whether every surrogate has its partner. */
    public static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
