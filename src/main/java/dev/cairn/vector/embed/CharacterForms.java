package dev.cairn.vector.embed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What BERT's normaliser makes of a character: nothing, a space, itself, or others. Which characters are punctuation, marks
 * and format characters is read from a table: the tokenizers that models are trained with keep to an old Unicode, and
 * {@link Character} answers by the Java that runs. Thread-safe.
 */
final class CharacterForms {
    private static final String TABLE = "characters.txt";
    /** Of the characters below, forms are kept once made: one page is 256 characters. */
    private static final int KEPT = 0x10000;

    private static final Map<String, BitSet> SETS = read();
    private static final BitSet PUNCTUATION = set("punctuation");
    private static final BitSet MARKS = set("mark");
    private static final BitSet FORMATS = set("format");
    private static final BitSet CHINESE = set("chinese");
    /** They came after the tokenizers' Unicode, and are not decomposed. */
    private static final BitSet WHOLE = set("whole");

    private final boolean clean;
    private final boolean spaceChinese;
    private final boolean stripAccents;
    private final boolean lowerCase;
    private final @Nullable String[][] pages = new @Nullable String[KEPT >> 8][];

    /**
     * @param clean leaves control and format characters out, makes every white space a space
     * @param spaceChinese a space on each side of a Chinese character
     * @param stripAccents decomposes, and leaves the marks out
     */
    CharacterForms(boolean clean, boolean spaceChinese, boolean stripAccents, boolean lowerCase) {
        this.clean = clean;
        this.spaceChinese = spaceChinese;
        this.stripAccents = stripAccents;
        this.lowerCase = lowerCase;
    }

    /** The characters that stand for this one; empty when it is left out. */
    String of(int character) {
        if (character >= KEPT) {
            return make(character);
        }
        @Nullable String @Nullable [] page = pages[character >> 8];
        if (page == null) {
            page = new @Nullable String[256];
            pages[character >> 8] = page;
        }
        String form = page[character & 0xFF];
        if (form == null) {
            form = make(character);
            page[character & 0xFF] = form;
        }
        return form;
    }

    private String make(int character) {
        if (clean) {
            if (isLeftOut(character)) {
                return "";
            }
            if (isSpace(character)) {
                return " ";
            }
        }
        String form = Character.toString(character);
        if (stripAccents && !WHOLE.get(character)) {
            form = withoutMarks(Normalizer.normalize(form, Normalizer.Form.NFD));
        }
        if (lowerCase) {
            form = lower(form);
        }
        return spaceChinese && CHINESE.get(character) ? " " + form + " " : form;
    }

    private static String withoutMarks(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(each -> !MARKS.get(each)).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** Each by itself: a sigma at a word's end is one like any other. */
    private static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(each -> lower.append(Character.toString(each).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }

    private static boolean isLeftOut(int character) {
        if (character == '\t' || character == '\n' || character == '\r') {
            return false;
        }
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.PRIVATE_USE
                || type == Character.SURROGATE
                || character == 0xFFFD
                || FORMATS.get(character);
    }

    /** White space as Unicode has it. */
    static boolean isSpace(int character) {
        if (character <= ' ') {
            return character == ' ' || (character >= '\t' && character <= '\r');
        }
        return switch (character) {
            case 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> character >= 0x2000 && character <= 0x200A;
        };
    }

    static boolean isPunctuation(int character) {
        return PUNCTUATION.get(character);
    }

    private static BitSet set(String name) {
        BitSet set = SETS.get(name);
        if (set == null) {
            throw new IllegalStateException(TABLE + " has no " + name);
        }
        return set;
    }

    private static Map<String, BitSet> read() {
        try (InputStream in = CharacterForms.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + TABLE);
            }
            Map<String, BitSet> sets = new HashMap<>();
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .forEach(line -> {
                        String[] parts = line.split(" ", -1);
                        BitSet set = new BitSet();
                        Arrays.stream(parts).skip(1).forEach(range -> add(range, set));
                        sets.put(parts[0], set);
                    });
            return sets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(String range, BitSet set) {
        int dash = range.indexOf('-');
        int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
        set.set(from, (dash < 0 ? from : Integer.parseInt(range.substring(dash + 1), 16)) + 1);
    }
}
