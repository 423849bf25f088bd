package dev.cairn.observer.rules;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a test run said of itself.
 *
 * @param unit what is counted: {@code test}, {@code package}, or {@code error} when no test came to run
 * @param failed tests (or packages, where the runner counts those) that failed
 * @param line the line that says so, on one line
 */
record TestReport(int passed, int failed, String unit, String line) {
    private static final Pattern MAVEN = Pattern.compile(
            "Tests run: {1,3}(\\d{1,7}), {1,3}Failures: {1,3}(\\d{1,7})(?:, {1,3}Errors: {1,3}(\\d{1,7}))?"
                    + "(?:, {1,3}Skipped: {1,3}(\\d{1,7}))?");
    private static final Pattern COUNT = Pattern.compile("(\\d{1,7}) (passed|failed|errors?|passing|failing)\\b");
    private static final Pattern EXAMPLES =
            Pattern.compile("(\\d{1,7}) (?:examples?|tests? completed), (\\d{1,7}) fail");
    private static final Pattern DOTNET = Pattern.compile("Failed: {1,8}(\\d{1,7}), Passed: {1,8}(\\d{1,7})");
    private static final Pattern PHPUNIT = Pattern.compile("^OK \\((\\d{1,7}) tests?");
    private static final Pattern PHPUNIT_BAD =
            Pattern.compile("^Tests: (\\d{1,7}), Assertions: \\d{1,7}, (?:Failures|Errors): (\\d{1,7})");
    private static final Pattern NODE = Pattern.compile("^(?:#|ℹ) (pass|fail) (\\d{1,7})$");
    private static final Pattern RAN = Pattern.compile("^Ran (\\d{1,7}) tests? in ");
    private static final Pattern UNITTEST_BAD =
            Pattern.compile("^FAILED \\((?:failures=(\\d{1,7}))?(?:, )?(?:errors=(\\d{1,7}))?");

    /** Reads a run's output; null when no known runner speaks in it. */
    static @Nullable TestReport read(Iterable<String> lines) {
        Reader reader = new Reader();
        for (String line : lines) {
            if (line.length() <= 400) {
                reader.line(line.strip());
            }
        }
        return reader.report();
    }

    boolean ok() {
        return failed == 0;
    }

    /** {@code 12 tests passed}, {@code 1 of 12 tests failed}. */
    String words() {
        if (failed == 0) {
            return Texts.count(passed, unit) + " passed";
        }
        if (unit.equals("error")) {
            return Texts.count(failed, unit);
        }
        return failed + " of " + Texts.count(passed + failed, unit) + " failed";
    }

    private static final class Reader {
        private int passed = -1;
        private int failed;
        private int ran = -1;
        private int goOk;
        private int goFailed;
        private String line = "";
        private String unit = "test";
        private int unittestFailed;

        void line(String text) {
            if (text.isEmpty()) {
                return;
            }
            char first = text.charAt(0);
            boolean digits = text.chars().anyMatch(c -> c >= '0' && c <= '9');
            if (text.startsWith("ok ") && text.length() > 3 && text.indexOf('\t') > 0) {
                goOk++;
            } else if (text.startsWith("FAIL\t")) {
                goFailed++;
            }
            if (!digits) {
                return;
            }
            if (maven(text) || examples(text) || counts(text, first) || dotnet(text) || phpunit(text) || node(text)) {
                return;
            }
            unittest(text);
        }

        private boolean maven(String text) {
            Matcher m = MAVEN.matcher(text);
            if (!text.contains("Tests run:") || !m.find()) {
                return false;
            }
            int run = number(m.group(1));
            int bad = number(m.group(2)) + number(m.group(3));
            int skipped = number(m.group(4));
            // Each class has its line, the whole run has the largest.
            if (run >= passed + failed) {
                set(run - bad - skipped, bad, text);
            }
            return true;
        }

        private boolean examples(String text) {
            Matcher m = EXAMPLES.matcher(text);
            if (!text.contains(" fail") || !m.find()) {
                return false;
            }
            set(number(m.group(1)) - number(m.group(2)), number(m.group(2)), text);
            return true;
        }

        private boolean counts(String text, char first) {
            boolean cargo = text.startsWith("test result:");
            boolean jest = text.startsWith("Tests:") || text.startsWith("Tests ");
            boolean pytest = text.contains(" in ") && (first == '=' || Character.isDigit(first));
            boolean mocha = text.contains(" passing") || text.contains(" failing");
            if (!cargo && !jest && !pytest && !mocha) {
                return false;
            }
            int good = 0;
            int bad = 0;
            int errors = 0;
            boolean found = false;
            Matcher m = COUNT.matcher(text);
            while (m.find()) {
                found = true;
                boolean pass = m.group(2).startsWith("pass");
                good += pass ? number(m.group(1)) : 0;
                boolean error = m.group(2).startsWith("error");
                errors += error ? number(m.group(1)) : 0;
                bad += pass || error ? 0 : number(m.group(1));
            }
            if (good + bad == 0 && errors > 0) {
                // Nothing ran: these are errors of the run, not of tests.
                unit = "error";
            }
            bad += errors;
            if (!found) {
                return false;
            }
            if (cargo || mocha) {
                set(Math.max(passed, 0) + good, failed + bad, text);
            } else {
                set(good, bad, text);
            }
            return true;
        }

        private boolean dotnet(String text) {
            Matcher m = DOTNET.matcher(text);
            if (!text.contains("Passed:") || !m.find()) {
                return false;
            }
            set(number(m.group(2)), number(m.group(1)), text);
            return true;
        }

        private boolean phpunit(String text) {
            Matcher ok = PHPUNIT.matcher(text);
            if (ok.find()) {
                set(number(ok.group(1)), 0, text);
                return true;
            }
            Matcher bad = PHPUNIT_BAD.matcher(text);
            if (bad.find()) {
                set(number(bad.group(1)) - number(bad.group(2)), number(bad.group(2)), text);
                return true;
            }
            return false;
        }

        private boolean node(String text) {
            Matcher m = NODE.matcher(text);
            if (!m.find()) {
                return false;
            }
            boolean pass = m.group(1).equals("pass");
            set(pass ? number(m.group(2)) : Math.max(passed, 0), pass ? failed : number(m.group(2)), text);
            return true;
        }

        private void unittest(String text) {
            Matcher m = RAN.matcher(text);
            if (m.find()) {
                ran = number(m.group(1));
                line = text;
                return;
            }
            Matcher bad = UNITTEST_BAD.matcher(text);
            if (ran >= 0 && bad.find()) {
                unittestFailed = number(bad.group(1)) + number(bad.group(2));
                line = text;
            }
        }

        private void set(int good, int bad, String text) {
            passed = Math.max(0, good);
            failed = bad;
            line = text;
        }

        @Nullable
        TestReport report() {
            if (passed >= 0) {
                return passed + failed == 0 ? null : new TestReport(passed, failed, unit, shown());
            }
            if (ran >= 0) {
                return new TestReport(Math.max(0, ran - unittestFailed), unittestFailed, "test", shown());
            }
            if (goOk + goFailed > 0) {
                return new TestReport(goOk, goFailed, "package", Texts.count(goOk + goFailed, "package"));
            }
            return null;
        }

        private String shown() {
            String clean = Texts.oneLine(line, 200);
            int from = 0;
            int to = clean.length();
            while (from < to && "=[- ".indexOf(clean.charAt(from)) >= 0) {
                from++;
            }
            while (to > from && "=- ".indexOf(clean.charAt(to - 1)) >= 0) {
                to--;
            }
            String bare = clean.substring(from, to);
            int close = bare.indexOf("] ");
            return close > 0 && close < 8 ? bare.substring(close + 2) : bare;
        }

        private static int number(@Nullable String digits) {
            return digits == null ? 0 : Integer.parseInt(digits);
        }
    }
}
