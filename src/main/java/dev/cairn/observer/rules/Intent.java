package dev.cairn.observer.rules;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a prompt asks for, by its words. */
enum Intent {
    FIX("bugfix"),
    ADD("feature"),
    REFACTOR("refactor"),
    ASK("discovery"),
    OTHER("change");

    private static final int MAX_TEXT = 600;
    private static final Map<String, Intent> VERBS = new TreeMap<>();
    private static final Map<String, Intent> NOUNS = new TreeMap<>();
    private static final List<String> BEFORE_NOUNS =
            List.of("the", "a", "an", "this", "that", "our", "my", "your", "run");
    private static final List<String> QUESTIONS = Words.list("""
            how what why where which who when is are does do can explain describe investigate analyze
            analyse summarize summarise tell show find look review""");
    private static final String[][] EASTERN = {
        {"修复", "修正", "修理", "直して", "直す", "バグ", "고쳐", "버그", "오류"},
        {"添加", "新增", "增加", "实现", "實現", "追加", "実装", "作成", "创建", "추가", "구현", "만들"},
        {"重构", "重構", "リファクタ", "리팩터", "리팩토"},
        {"？", "ですか", "ますか", "怎么", "为什么", "什么", "如何", "なぜ", "どう", "어떻게", "왜"},
    };

    static {
        words(VERBS, FIX, "fix fixes fixing repair debug solve resolve correct");
        words(VERBS, ADD, "add implement create support build introduce write generate provide make");
        words(
                VERBS,
                REFACTOR,
                "refactor rename extract move clean cleanup simplify restructure reorganize split deduplicate");
        words(NOUNS, FIX, "bug bugs fails failing failed broken breaks crash crashes crashing regression wrong");
    }

    private final String type;

    Intent(String type) {
        this.type = type;
    }

    /** The type of the observations of changes that were made for it. */
    String type() {
        return type;
    }

    private static void words(Map<String, Intent> map, Intent intent, String words) {
        for (String word : words.split(" ", -1)) {
            map.put(word, intent);
        }
    }

    static Intent of(String prompt) {
        String text = prompt.substring(0, Math.min(prompt.length(), MAX_TEXT)).toLowerCase(Locale.ROOT);
        String[] words = text.split("[^a-z]{1,600}", -1);
        Intent verb = first(words, VERBS);
        if (verb != null) {
            return verb;
        }
        for (int i = 0; i < 3; i++) {
            for (String word : EASTERN[i]) {
                if (text.contains(word)) {
                    return values()[i];
                }
            }
        }
        Intent noun = first(words, NOUNS);
        if (noun != null) {
            return noun;
        }
        return isQuestion(text) ? ASK : OTHER;
    }

    private static @Nullable Intent first(String[] words, Map<String, Intent> map) {
        String before = "";
        for (String word : words) {
            Intent intent = map.get(word);
            // "the build", "npm run build": a noun.
            if (intent != null && (map == NOUNS || !BEFORE_NOUNS.contains(before))) {
                return intent;
            }
            before = word;
        }
        return null;
    }

    /** Whether the text asks for an answer rather than for work. */
    static boolean isQuestion(String prompt) {
        String text = prompt.strip().toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < text.length() && end < 20 && Character.isLetter(text.charAt(end))) {
            end++;
        }
        if (QUESTIONS.contains(text.substring(0, end)) || text.endsWith("?")) {
            return true;
        }
        for (String word : EASTERN[3]) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
