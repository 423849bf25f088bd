package dev.cairn.vector.embed;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * BERT's tokenizer: normalises, splits at white space and punctuation, splits words into pieces, longest first. Gives the
 * ids Hugging Face's does, and stops reading where the tokens are enough. Thread-safe.
 */
final class WordPieceTokenizer {
    /**
     * @param forms how characters are normalised
     * @param added texts that stand for one token wherever they occur, such as {@code [SEP]}
     * @param before tokens before every text
     * @param after tokens after every text
     * @param wordLimit a word of more characters is unknown
     */
    record Settings(
            CharacterForms forms,
            Vocabulary vocabulary,
            Map<String, Integer> added,
            List<Integer> before,
            List<Integer> after,
            int wordLimit) {}

    private final Settings settings;
    private final TreeMap<String, Integer> added;
    private final boolean[] startsAdded = new boolean[128];
    private final boolean startsAddedOther;

    WordPieceTokenizer(Settings settings) {
        this.settings = settings;
        this.added = new TreeMap<>(settings.added());
        boolean other = false;
        for (String each : added.keySet()) {
            if (each.charAt(0) < 128) {
                startsAdded[each.charAt(0)] = true;
            } else {
                other = true;
            }
        }
        startsAddedOther = other;
    }

    /**
     * The ids of a text's tokens, those before and after it counted in.
     *
     * @param limit at most so many tokens; what is beyond is left out, at least room for those before and after
     */
    long[] encode(String text, int limit) {
        int room =
                Math.max(0, limit - settings.before().size() - settings.after().size());
        int length = text.length();
        // As a rule a token has several characters; where characters become several, there is more room made.
        Words words = new Words(Math.min(room, length));
        for (int i = 0; i < length && words.count < room; ) {
            int id = addedAt(text, i);
            if (id >= 0) {
                words.end();
                words.add(id);
                i += addedLength(text, i);
                continue;
            }
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            words.take(settings.forms().of(character));
        }
        words.end();
        int count = Math.min(words.count, room);
        List<Integer> before = settings.before();
        List<Integer> after = settings.after();
        long[] ids = new long[before.size() + count + after.size()];
        for (int i = 0; i < before.size(); i++) {
            ids[i] = before.get(i);
        }
        System.arraycopy(words.ids, 0, ids, before.size(), count);
        for (int i = 0; i < after.size(); i++) {
            ids[before.size() + count + i] = after.get(i);
        }
        return ids;
    }

    private int addedAt(String text, int at) {
        int length = addedLength(text, at);
        return length == 0 ? -1 : added.getOrDefault(text.substring(at, at + length), -1);
    }

    /** Of the longest that begins here. */
    private int addedLength(String text, int at) {
        char first = text.charAt(at);
        if (first < 128 ? !startsAdded[first] : !startsAddedOther) {
            return 0;
        }
        int longest = 0;
        for (String each : added.keySet()) {
            if (each.length() > longest && text.startsWith(each, at)) {
                longest = each.length();
            }
        }
        return longest;
    }

    /** Gathers a word's characters, and the tokens of the words so far. */
    private final class Words {
        private final int limit = settings.wordLimit();
        private final char[] word = new char[2 * limit];
        private long[] ids;
        private int length;
        private int characters;
        private int count;

        private Words(int room) {
            ids = new long[room + word.length];
        }

        private void take(String form) {
            for (int i = 0; i < form.length(); ) {
                int character = form.codePointAt(i);
                i += Character.charCount(character);
                if (CharacterForms.isSpace(character)) {
                    end();
                } else if (CharacterForms.isPunctuation(character)) {
                    end();
                    append(character);
                    end();
                } else {
                    append(character);
                }
            }
        }

        private void append(int character) {
            if (++characters <= limit) {
                length += Character.toChars(character, word, length);
            }
        }

        private void end() {
            if (characters > limit) {
                add(settings.vocabulary().unknown());
            } else if (characters > 0) {
                makeRoom(length);
                count += settings.vocabulary().split(word, length, ids, count);
            }
            length = 0;
            characters = 0;
        }

        private void add(int id) {
            makeRoom(1);
            ids[count++] = id;
        }

        private void makeRoom(int more) {
            if (count + more > ids.length) {
                ids = Arrays.copyOf(ids, 2 * (count + more));
            }
        }
    }
}
