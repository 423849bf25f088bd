package dev.cairn.observer.rules;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param words {@code ok}, or what went wrong in a few words such as {@code exit code 3}
 * @param error the most telling line of a failure; empty when it succeeded or said nothing
 * @param report what a test run said; null when it was none or said nothing
 * @param failedTests names of tests that failed
 * @param commit the short hash of the commit it made; empty when it says none
 * @param lastLine the last line of output, for commands whose result that is
 * @param interrupted whether the user stopped it
 */
record CommandOutcome(
        boolean ok,
        String words,
        String error,
        @Nullable TestReport report,
        Set<String> failedTests,
        String commit,
        String lastLine,
        boolean interrupted) {

    private static final int MAX_LAST_LINE = 160;

    static CommandOutcome of(CommandLine command, JsonText response, @Nullable String error, ProjectPaths paths) {
        String output = error != null ? error : output(response);
        List<String> lines = Output.lines(output);
        boolean interrupted = response.flag("interrupted") || isInterruption(output);
        int exit = error != null ? exitCode(lines) : codeOf(response);
        TestReport report = command.purpose() == CommandPurpose.TEST ? TestReport.read(lines) : null;
        String words = words(command, lines, error, exit, report, interrupted);
        boolean ok = words.equals("ok");
        return new CommandOutcome(
                ok,
                words,
                ok || interrupted ? "" : paths.shorten(ErrorText.in(withoutExitLine(lines))),
                report,
                ok || command.purpose() != CommandPurpose.TEST ? Set.of() : ErrorText.failedTests(lines),
                command.purposes().contains(CommandPurpose.COMMIT) ? commit(lines) : "",
                paths.shorten(lastLine(lines)),
                interrupted);
    }

    private static String words(
            CommandLine command,
            List<String> lines,
            @Nullable String error,
            int exit,
            @Nullable TestReport report,
            boolean interrupted) {
        if (interrupted) {
            return "interrupted";
        }
        if (report != null && !report.ok()) {
            return report.words();
        }
        if (error != null && error.toLowerCase(Locale.ROOT).contains("timed out") && exit < 1) {
            return "timed out";
        }
        if (exit > 0) {
            return "exit code " + exit;
        }
        if (error != null) {
            return "failed";
        }
        // A pipe into tail or head hides the exit code: the output still tells.
        boolean quiet = report == null && command.purpose().proves() && saysFailure(lines);
        return quiet ? command.purpose() == CommandPurpose.BUILD ? "build failed" : "failed" : "ok";
    }

    private static boolean saysFailure(List<String> lines) {
        for (String line : lines) {
            String clean = line.strip();
            boolean failure = clean.contains("BUILD FAILURE")
                    || clean.startsWith("BUILD FAILED")
                    || clean.startsWith("FAILURE: Build failed")
                    || clean.startsWith("error: could not compile")
                    || clean.startsWith("npm ERR! code")
                    || clean.startsWith("npm error code")
                    || (clean.startsWith("make: *** ") && clean.contains("Error"));
            if (failure) {
                return true;
            }
        }
        return false;
    }

    /** What was printed: the usual fields, else every text of the answer. */
    static String output(JsonText response) {
        String out = response.exact("stdout", "output", "aggregatedoutput", "result", "content", "text", "");
        String err = response.exact("stderr");
        if (out == null && err == null) {
            StringBuilder all = new StringBuilder();
            for (JsonText item : response.items("content", 20)) {
                String text = item.text("text");
                all.append(text == null ? "" : text).append('\n');
            }
            for (JsonText item : response.items("", 20)) {
                String text = item.text("text");
                all.append(text == null ? "" : text).append('\n');
            }
            return all.toString();
        }
        if (err == null || err.isBlank()) {
            return out == null ? "" : out;
        }
        return out == null || out.isBlank() ? err : out + "\n" + err;
    }

    private static int codeOf(JsonText response) {
        int code = response.number("exitcode", "metadata.exitcode", "returncode", "exitstatus", "statuscode", "code");
        return Math.max(code, 0);
    }

    private static int exitCode(List<String> lines) {
        for (String line : lines) {
            String lower = line.strip().toLowerCase(Locale.ROOT);
            int at = lower.indexOf("exit code ");
            int length = "exit code ".length();
            if (at < 0) {
                at = lower.indexOf("exit code: ");
                length = "exit code: ".length();
            }
            if (at >= 0 && at < 40) {
                int end = at + length;
                while (end < lower.length() && end < at + length + 6 && Character.isDigit(lower.charAt(end))) {
                    end++;
                }
                String digits = lower.substring(at + length, end);
                return digits.isEmpty() ? -1 : Integer.parseInt(digits);
            }
        }
        return -1;
    }

    private static List<String> withoutExitLine(List<String> lines) {
        boolean first =
                !lines.isEmpty() && lines.get(0).toLowerCase(Locale.ROOT).startsWith("exit code");
        return first && lines.size() > 1 ? lines.subList(1, lines.size()) : lines;
    }

    /** The hash in git's {@code [main 1a2b3c4] subject}. */
    private static String commit(List<String> lines) {
        for (String line : lines) {
            int close = line.indexOf("] ");
            if (line.startsWith("[") && close > 0 && close < 120) {
                String hash = line.substring(line.lastIndexOf(' ', close) + 1, close);
                if (hash.length() >= 7 && hash.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                    return hash;
                }
            }
        }
        return "";
    }

    private static String lastLine(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!lines.get(i).isBlank()) {
                return Texts.oneLine(lines.get(i), MAX_LAST_LINE);
            }
        }
        return "";
    }

    /** Whether a tool's error says that the user stopped it or refused it. */
    static boolean isInterruption(String error) {
        String head = error.substring(0, Math.min(error.length(), 400)).toLowerCase(Locale.ROOT);
        return head.contains("interrupted by user") || head.contains("doesn't want to proceed");
    }
}
