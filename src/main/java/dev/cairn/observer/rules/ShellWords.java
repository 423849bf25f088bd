package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * A shell command taken apart: the simple commands of a line with their words, and the files that output is sent to. Quotes,
 * here-documents and command substitutions are minded; nothing is expanded. Reads the first 8,000 characters.
 */
final class ShellWords {
    private static final int MAX_TEXT = 8_000;
    private static final int MAX_COMMANDS = 60;
    private static final int MAX_WORDS = 80;

    private final String text;
    private final List<List<String>> commands = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> hereDocuments = new ArrayList<>();
    private List<String> current = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellWords(String text) {
        this.text = text;
    }

    /**
     * @param commands the simple commands, each with at least one word
     * @param written files that output was redirected to
     */
    record Parsed(List<List<String>> commands, List<String> written) {}

    static Parsed parse(String command) {
        ShellWords reader = new ShellWords(command.substring(0, Math.min(command.length(), MAX_TEXT)));
        reader.read();
        return new Parsed(reader.commands, reader.written);
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '\\' -> escaped();
                case '\'' -> quoted('\'');
                case '"' -> quoted('"');
                case '`' -> substitution('`');
                case '$' -> dollar();
                case ' ', '\t', '\r' -> {
                    endWord();
                    at++;
                }
                case '\n' -> {
                    endCommand();
                    at++;
                    skipHereDocuments();
                }
                case ';', '|', '&', '(', ')' -> {
                    endCommand();
                    at++;
                }
                case '>' -> redirect();
                case '<' -> input();
                case '#' -> {
                    if (inWord) {
                        append(c);
                    } else {
                        int end = text.indexOf('\n', at);
                        at = end < 0 ? text.length() : end;
                    }
                }
                default -> append(c);
            }
        }
        endCommand();
    }

    private void append(char c) {
        word.append(c);
        inWord = true;
        at++;
    }

    private void escaped() {
        at++;
        if (at < text.length()) {
            if (text.charAt(at) == '\n') {
                at++;
            } else {
                append(text.charAt(at));
            }
        }
    }

    private void quoted(char quote) {
        inWord = true;
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            if (quote == '"' && text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            word.append(text.charAt(at));
            at++;
        }
        at++;
    }

    private void dollar() {
        if (at + 1 < text.length() && text.charAt(at + 1) == '(') {
            substitution(')');
        } else {
            append('$');
        }
    }

    /** Keeps a substitution in its word as it stands, so that its inner commands are not taken for commands of the line. */
    private void substitution(char close) {
        inWord = true;
        int depth = 0;
        int start = at;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (close == ')') {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
            boolean closed = close == ')' ? c == ')' && depth == 0 : c == '`' && at > start;
            if (closed) {
                break;
            }
        }
        at = Math.min(at + 1, text.length());
        word.append(text, start, at);
    }

    private void redirect() {
        boolean digits = inWord && word.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean standardError = digits && word.toString().equals("2");
        if (digits) {
            word.setLength(0);
            inWord = false;
        }
        endWord();
        while (at < text.length() && (text.charAt(at) == '>' || text.charAt(at) == '|')) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '&') {
            at++;
            plainWord();
            return;
        }
        String target = plainWord();
        if (!standardError && !target.isEmpty() && !target.startsWith("/dev/") && target.indexOf('$') < 0) {
            written.add(target);
        }
    }

    private void input() {
        endWord();
        int from = at;
        while (at < text.length() && text.charAt(at) == '<') {
            at++;
        }
        int signs = at - from;
        if (signs == 2 && at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        String target = plainWord();
        if (signs == 2 && !target.isEmpty()) {
            hereDocuments.add(target);
        }
    }

    /** The next word without its quotes. */
    private String plainWord() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        StringBuilder plain = new StringBuilder();
        while (at < text.length() && " \t\r\n;|&<>()".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            if (c != '\'' && c != '"' && c != '\\') {
                plain.append(c);
            }
            at++;
        }
        return plain.toString();
    }

    private void skipHereDocuments() {
        for (String delimiter : hereDocuments) {
            while (at < text.length()) {
                int end = text.indexOf('\n', at);
                end = end < 0 ? text.length() : end;
                String line = text.substring(at, end);
                at = Math.min(end + 1, text.length());
                if (line.strip().equals(delimiter)) {
                    break;
                }
            }
        }
        hereDocuments.clear();
    }

    private void endWord() {
        if (inWord && current.size() < MAX_WORDS) {
            current.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
    }

    private void endCommand() {
        endWord();
        if (!current.isEmpty() && commands.size() < MAX_COMMANDS) {
            commands.add(current);
        }
        current = new ArrayList<>();
    }
}
