package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names a text defines: classes, functions, methods, tables; headings in documents. Light rules for all languages at
 * once, by the words at the beginning of a line; each line is read once.
 */
final class Symbols {
    private static final int MAX_LINES = 6_000;
    private static final int MAX_LINE = 400;
    private static final int MAX_NAMES = 40;

    private static final Set<String> TYPES = Words.set("""
            class interface record enum struct trait protocol module namespace object type""");
    private static final Set<String> FUNCTIONS = Set.of("def", "fn", "func", "function", "fun", "sub", "proc", "defp");
    private static final Set<String> MODIFIERS = Words.set("""
            public private protected static final abstract synchronized default native internal override
            async virtual export open suspend pub crate sealed inline unsafe const extern data partial
            readonly declare impl""");
    private static final Set<String> CONTROL = Words.set("""
            if for while switch catch return else do try new throw match elif when with assert yield await
            case using lock foreach unless until and or not in synchronized super this delete typeof require
            import print println from""");
    private static final Set<String> DOCUMENTS = Set.of("md", "markdown", "rst", "adoc", "txt", "mdx");
    private static final Set<String> DATA = Words.set("""
            json yaml yml toml xml csv lock ini properties html css scss svg env""");

    private Symbols() {}

    /** The names defined in this text of this file, in their order, at most 40. */
    static Set<String> in(String file, String text) {
        String extension = Texts.extension(file);
        Set<String> names = new LinkedHashSet<>();
        if (DATA.contains(extension)) {
            return names;
        }
        boolean document = DOCUMENTS.contains(extension);
        boolean fenced = false;
        int start = 0;
        for (int lines = 0; start < text.length() && lines < MAX_LINES && names.size() < MAX_NAMES; lines++) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end - start <= MAX_LINE) {
                String line = text.substring(start, end);
                fenced ^= document && line.startsWith("```");
                String name = document ? (fenced ? null : heading(line)) : definition(line);
                if (name != null) {
                    names.add(name);
                }
            }
            start = end + 1;
        }
        return names;
    }

    private static @Nullable String heading(String line) {
        int level = 0;
        while (level < line.length() && level < 7 && line.charAt(level) == '#') {
            level++;
        }
        if (level == 0 || level > 6 || level >= line.length() || line.charAt(level) != ' ') {
            return null;
        }
        String title = Texts.oneLine(line.substring(level), 60);
        return title.isEmpty() ? null : title;
    }

    private static @Nullable String definition(String line) {
        String code = line.strip();
        if (code.length() < 5 || isComment(code)) {
            return null;
        }
        List<String> words = new ArrayList<>();
        int at = words(code, words);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean last = i == words.size() - 1;
            if (TYPES.contains(word) && !last && isName(words.get(i + 1))) {
                return isTypeBody(code, words.get(i + 1), word) ? words.get(i + 1) : null;
            }
            if (FUNCTIONS.contains(word)) {
                return last ? receiverMethod(code, at) : name(words.get(i + 1));
            }
            if (i == 0 && word.toLowerCase(Locale.ROOT).equals("create") && words.size() >= 3) {
                return sqlName(words);
            }
            if ((word.equals("const") || word.equals("let") || word.equals("var")) && !last) {
                boolean function =
                        code.contains("=>") || code.contains("= function") || code.contains("= async function");
                return function ? name(words.get(i + 1)) : null;
            }
            if (!MODIFIERS.contains(word)) {
                break;
            }
        }
        return method(code, words, at);
    }

    /** A method without a keyword: such as {@code public int total(…)}. */
    private static @Nullable String method(String code, List<String> words, int at) {
        if (words.isEmpty() || at >= code.length() || code.charAt(at) != '(') {
            return null;
        }
        String name = words.get(words.size() - 1);
        boolean opens = code.endsWith("{");
        boolean declared = words.size() >= 2 && MODIFIERS.contains(words.get(0));
        if ((!opens && !declared) || code.contains("=>") || CONTROL.contains(words.get(0)) || CONTROL.contains(name)) {
            return null;
        }
        return code.contains("function") ? null : name(name);
    }

    private static @Nullable String receiverMethod(String code, int at) {
        int close = at < code.length() && code.charAt(at) == '(' ? code.indexOf(')', at) : -1;
        if (close < 0) {
            return null;
        }
        List<String> words = new ArrayList<>();
        words(code.substring(close + 1).strip(), words);
        return words.isEmpty() ? null : name(words.get(0));
    }

    private static @Nullable String sqlName(List<String> words) {
        String what = words.get(1).toLowerCase(Locale.ROOT);
        boolean known = what.equals("table") || what.equals("index") || what.equals("view") || what.equals("trigger");
        int at = words.size() > 5 && words.get(2).equalsIgnoreCase("if") ? 5 : 2;
        return known ? name(words.get(at)) : null;
    }

    private static boolean isTypeBody(String code, String name, String keyword) {
        int after = code.indexOf(name, code.indexOf(keyword) + keyword.length()) + name.length();
        String rest = code.substring(after).stripLeading();
        return rest.isEmpty()
                || "{(<:[;=".indexOf(rest.charAt(0)) >= 0
                || rest.startsWith("extends ")
                || rest.startsWith("implements ")
                || rest.startsWith("struct")
                || rest.startsWith("interface")
                || rest.startsWith("func");
    }

    private static boolean isComment(String code) {
        return code.startsWith("//")
                || code.startsWith("*")
                || code.startsWith("/*")
                || code.startsWith("#")
                || code.startsWith("--")
                || code.startsWith("<!--");
    }

    /** The words at the beginning of the line up to the first sign that is part of no declaration; where that stands. */
    private static int words(String code, List<String> words) {
        int i = 0;
        while (i < code.length() && words.size() < 12) {
            char c = code.charAt(i);
            if (Character.isJavaIdentifierStart(c)) {
                int end = i + 1;
                while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
                    end++;
                }
                words.add(code.substring(i, end));
                i = end;
            } else if (c == '<') {
                i = afterGenerics(code, i);
            } else if (c == ' ' || c == '\t' || c == '[' || c == ']' || c == '*' || c == '&' || c == '?') {
                i++;
            } else if (c == '(' && code.startsWith("(crate)", i)) {
                i += "(crate)".length();
            } else {
                return i;
            }
        }
        return i;
    }

    private static int afterGenerics(String code, int open) {
        int depth = 0;
        for (int i = open; i < code.length(); i++) {
            char c = code.charAt(i);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        return code.length();
    }

    private static @Nullable String name(String word) {
        return isName(word) ? word : null;
    }

    private static boolean isName(String word) {
        return word.length() > 1 && word.length() <= 60 && !CONTROL.contains(word) && !MODIFIERS.contains(word);
    }
}
