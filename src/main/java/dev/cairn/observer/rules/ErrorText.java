package dev.cairn.observer.rules;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what went wrong in a command's output: the line that tells it best, and the tests that failed. */
final class ErrorText {
    private static final int MAX_TEXT = 220;
    private static final int MAX_TESTS = 10;

    private static final List<String> TELLING = List.of(
            "assertionerror",
            "expected: ",
            "expected:<",
            "but was",
            "panicked at",
            "to equal",
            "expecting ",
            "e   assert");
    private static final List<String> CAUSES = List.of(
            "exception: ",
            "exception in ",
            "error: ",
            "error[",
            "cannot find symbol",
            "undefined: ",
            "fatal: ",
            "cannot find module",
            "command not found",
            "no such file",
            "permission denied",
            "is not defined",
            "syntaxerror",
            "unresolved");
    private static final List<String> HINTS =
            List.of("error", "fail", "not found", "denied", "cannot", "unable to", "invalid", "refused", "timed out");
    private static final List<String> FRAMES = List.of(
            "failed to execute goal",
            "build failure",
            "build failed",
            "npm err! code",
            "npm error code",
            "tests run:",
            "failures:",
            "errors:",
            "make: ***",
            "to see the full stack",
            "re-run maven",
            "for more information",
            "help 1]",
            "test result:",
            "there are test failures",
            "short test summary",
            "-> [help",
            "error: test failed",
            "elifecycle",
            "npm error",
            "error: could not compile",
            "aborting due to");

    private static final List<Pattern> TESTS = List.of(
            Pattern.compile("\\b([A-Z]\\w{0,60}(?:Test|Tests|IT|Spec)[.#]\\w{1,80})"),
            Pattern.compile("^FAILED (\\S{1,160}::\\S{1,100})"),
            Pattern.compile("^--- FAIL: (\\S{1,100})"),
            Pattern.compile("^test (\\S{1,120}) \\.\\.\\. FAILED"),
            Pattern.compile("^(?:[●✕✗×✖]|not ok \\d{1,6} -) (.{3,100})"));

    private ErrorText() {}

    /** The most telling line, at most 220 characters; empty when the output is. */
    static String in(List<String> lines) {
        String best = "";
        int bestScore = -1;
        boolean goesOn = false;
        for (String line : lines) {
            String clean = strip(line);
            int score = clean.isEmpty() ? -1 : score(clean);
            if (score > bestScore) {
                best = clean;
                bestScore = score;
                goesOn = clean.endsWith(":");
            } else if (goesOn && !clean.isEmpty()) {
                best = best + " " + clean;
                goesOn = false;
            }
        }
        return Texts.oneLine(withoutPackage(best), MAX_TEXT);
    }

    /** {@code AssertionFailedError: …} for {@code org.opentest4j.AssertionFailedError: …}. */
    private static String withoutPackage(String line) {
        int colon = line.indexOf(": ");
        String head = colon < 0 ? "" : line.substring(0, colon);
        boolean type = head.endsWith("Error") || head.endsWith("Exception");
        int dot = head.lastIndexOf('.');
        return type && dot > 0 && head.indexOf(' ') < 0 ? line.substring(dot + 1) : line;
    }

    /** Names of tests that failed, in their order, at most ten. */
    static Set<String> failedTests(List<String> lines) {
        Set<String> names = new LinkedHashSet<>();
        for (String line : lines) {
            if (names.size() >= MAX_TESTS) {
                break;
            }
            String clean = line.strip();
            boolean ok = clean.length() < 8
                    || clean.startsWith("at ")
                    || clean.contains("PASS")
                    || clean.startsWith("Running ");
            if (ok || clean.startsWith("[INFO]")) {
                continue;
            }
            for (Pattern pattern : TESTS) {
                Matcher m = pattern.matcher(clean);
                if (m.find()) {
                    names.add(Texts.oneLine(m.group(1), 100));
                    break;
                }
            }
        }
        return names;
    }

    private static String strip(String line) {
        String clean = line.strip();
        for (String prefix : List.of("[ERROR]", "[error]", "[FATAL]", "ERROR:", "npm ERR!", "npm error", "E  ", "> ")) {
            if (clean.startsWith(prefix) && clean.length() > prefix.length()) {
                clean = clean.substring(prefix.length()).strip();
            }
        }
        return clean;
    }

    private static int score(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (line.startsWith("at ")
                || line.startsWith("File \"")
                || line.startsWith("^")
                || line.startsWith("Traceback")) {
            return 0;
        }
        if (has(lower, FRAMES)) {
            return 1;
        }
        if (has(lower, TELLING)) {
            return 5;
        }
        if (has(lower, CAUSES) || isPythonError(line)) {
            return 4;
        }
        return has(lower, HINTS) ? 3 : 2;
    }

    private static boolean isPythonError(String line) {
        int colon = line.indexOf(':');
        String name = colon > 0 ? line.substring(0, colon) : line;
        return name.endsWith("Error") || name.endsWith("Exception");
    }

    private static boolean has(String text, List<String> words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
