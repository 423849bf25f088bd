package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command as far as it matters: what it is for, with what, on what.
 *
 * @param shown the command on one line, without a leading {@code cd}, at most 200 characters
 * @param purpose the most telling purpose of its parts
 * @param purposes those of all its parts
 * @param runner the program behind the purpose, by one name: {@code mvn} for {@code ./mvnw} too
 * @param same equal for commands that do the same, whatever is done with their output
 * @param targets what a proof is narrowed to: files, test names, empty for all; for a plain run what is run
 * @param written files that output was sent to, as given
 * @param removed files that were deleted or moved away, as given
 * @param commitSubject the first line of a commit's message; null when it gives none
 */
record CommandLine(
        String shown,
        CommandPurpose purpose,
        Set<CommandPurpose> purposes,
        String runner,
        String same,
        Set<String> targets,
        List<String> written,
        List<String> removed,
        @Nullable String commitSubject) {
    private static final int MAX_SHOWN = 200;
    private static final Set<String> WRAPPERS = Words.set("""
            sudo time nohup npx bunx env exec command nice xvfb-run stdbuf pnpx uvx""");
    private static final Set<String> PAGERS =
            Set.of("tail", "head", "grep", "egrep", "cat", "less", "tee", "sed", "awk", "wc");
    private static final Set<String> SHELLS = Set.of("bash", "sh", "zsh", "dash");
    private static final Set<String> VALUE_OPTIONS =
            Set.of("-k", "-t", "-run", "--run", "--tests", "--filter", "-g", "--grep", "-m", "--testNamePattern");

    static CommandLine of(String command) {
        return of(command, 0);
    }

    private static CommandLine of(String command, int depth) {
        ShellWords.Parsed parsed = ShellWords.parse(command);
        CommandPurpose best = CommandPurpose.LOOK;
        Set<CommandPurpose> purposes = EnumSet.noneOf(CommandPurpose.class);
        List<String> main = List.of();
        List<String> removed = new ArrayList<>();
        List<String> written = new ArrayList<>();
        boolean prints = false;
        String subject = null;
        for (List<String> words : parsed.commands()) {
            List<String> plain = unwrap(words);
            if (plain.isEmpty()) {
                continue;
            }
            String script = depth < 2 ? shellScript(plain) : null;
            if (script != null) {
                return of(script, depth + 1);
            }
            String program = plain.get(0);
            List<String> rest = plain.subList(1, plain.size());
            CommandPurpose purpose = CommandRules.purpose(program, rest);
            prints |= program.equals("cat") || program.equals("echo") || program.equals("printf");
            if (program.equals("tee") || (program.equals("sed") && purpose == CommandPurpose.FILES)) {
                written.addAll(lastPlain(rest));
            }
            if (program.equals("rm")
                    || (program.equals("git") && !rest.isEmpty() && rest.get(0).equals("rm"))) {
                removed.addAll(plainWords(rest, rest.contains("rm") ? 1 : 0));
            }
            if (purpose == CommandPurpose.COMMIT && subject == null) {
                subject = CommitMessages.subject(rest);
            }
            purposes.add(purpose);
            if (main.isEmpty() || purpose.compareTo(best) < 0) {
                best = purpose;
                main = plain;
            }
        }
        if (prints) {
            written.addAll(parsed.written());
        }
        if (!written.isEmpty() && best == CommandPurpose.LOOK) {
            best = CommandPurpose.FILES;
        }
        return new CommandLine(
                subject == null ? shown(command, main) : "git commit -m \"" + subject + "\"",
                best,
                purposes.isEmpty() ? Set.of(CommandPurpose.LOOK) : purposes,
                main.isEmpty() ? "" : main.get(0),
                String.join(" ", main),
                best.proves() ? targets(main) : script(best, main),
                List.copyOf(written),
                List.copyOf(removed),
                subject);
    }

    /** The command without assignments and wrappers, its program by its usual name. */
    private static List<String> unwrap(List<String> words) {
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i);
            if (isAssignment(word) || WRAPPERS.contains(word)) {
                i++;
            } else if (word.equals("timeout")) {
                i += 2;
            } else if (i > 0 && WRAPPERS.contains(words.get(i - 1)) && word.startsWith("-")) {
                i++;
            } else {
                break;
            }
        }
        if (i >= words.size()) {
            return List.of();
        }
        List<String> plain = new ArrayList<>(words.subList(i, words.size()));
        boolean module =
                plain.size() > 2 && isPython(plain.get(0)) && plain.get(1).equals("-m");
        if (module) {
            plain.subList(0, 2).clear();
        } else if (plain.size() > 2
                && plain.get(0).equals("bundle")
                && plain.get(1).equals("exec")) {
            plain.subList(0, 2).clear();
        } else if (plain.size() > 2 && plain.get(1).equals("run") && isRunner(plain.get(0))) {
            plain.subList(0, 2).clear();
        }
        plain.set(0, usualName(plain.get(0)));
        return plain;
    }

    private static boolean isRunner(String program) {
        return program.equals("poetry") || program.equals("uv") || program.equals("pipenv") || program.equals("pdm");
    }

    private static boolean isPython(String program) {
        String name = Texts.fileName(program);
        return name.equals("python") || name.startsWith("python3") || name.equals("py");
    }

    private static String usualName(String program) {
        String name = Texts.fileName(program);
        return switch (name) {
            case "mvnw", "mvnd", "mvnw.cmd" -> "mvn";
            case "gradlew", "gradlew.bat" -> "gradle";
            case "py.test" -> "pytest";
            default -> name.isEmpty() ? program : name;
        };
    }

    private static boolean isAssignment(String word) {
        int equals = word.indexOf('=');
        return equals > 0 && word.substring(0, equals).chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
    }

    /** The script of {@code bash -lc "…"}; null when this is none. */
    private static @Nullable String shellScript(List<String> words) {
        boolean inline = words.size() >= 3
                && SHELLS.contains(words.get(0))
                && words.get(1).matches("-[a-z]{0,4}c");
        return inline ? words.get(2) : null;
    }

    private static List<String> plainWords(List<String> words, int from) {
        List<String> plain = new ArrayList<>();
        for (String word : words.subList(from, words.size())) {
            if (!word.startsWith("-") && word.indexOf('$') < 0 && word.indexOf('*') < 0) {
                plain.add(word);
            }
        }
        return plain;
    }

    private static List<String> lastPlain(List<String> words) {
        List<String> plain = plainWords(words, 0);
        return plain.isEmpty() ? plain : plain.subList(plain.size() - 1, plain.size());
    }

    private static Set<String> targets(List<String> words) {
        Set<String> targets = new LinkedHashSet<>();
        for (int i = 1; i < words.size() && targets.size() < 20; i++) {
            String word = words.get(i);
            if (word.startsWith("-Dtest=") || word.startsWith("-Dit.test=")) {
                targets.add(word.substring(word.indexOf('=') + 1));
            } else if (VALUE_OPTIONS.contains(word) && i + 1 < words.size()) {
                targets.add(words.get(++i));
            } else if (!word.startsWith("-") && looksLikeTarget(word)) {
                targets.add(word);
            }
        }
        return targets;
    }

    /** What a plain run runs: the script, the address. */
    private static Set<String> script(CommandPurpose purpose, List<String> words) {
        String first = purpose == CommandPurpose.RUN ? CommandRules.firstPlain(words.subList(1, words.size())) : "";
        return first.isEmpty() ? Set.of() : Set.of(first);
    }

    private static boolean looksLikeTarget(String word) {
        boolean everything = word.equals("./...") || word.equals(".") || word.contains("...");
        boolean goal = word.startsWith("spotless:") || word.startsWith(":");
        return !everything && !goal && (word.indexOf('.') >= 0 || word.indexOf('/') >= 0 || word.contains("::"));
    }

    private static String shown(String command, List<String> main) {
        String line = Texts.oneLine(command, MAX_SHOWN * 2);
        if (line.startsWith("cd ")) {
            int and = line.indexOf("&& ");
            line = and > 0 && and < line.length() - 3 ? line.substring(and + 3) : line;
        }
        line = withoutPager(line);
        // A long line with a telling part is better known by that part.
        String part = Texts.oneLine(String.join(" ", main), MAX_SHOWN);
        return line.length() > MAX_SHOWN && !part.isEmpty() && part.length() < MAX_SHOWN
                ? part
                : Texts.clip(line, MAX_SHOWN);
    }

    /** The line without what only shortens or joins its output: {@code 2>&1 | tail -40}. */
    private static String withoutPager(String line) {
        String rest = line;
        for (int i = 0; i < 4; i++) {
            int pipe = rest.lastIndexOf(" | ");
            int end = pipe < 0 ? -1 : rest.indexOf(' ', pipe + 3);
            String program = pipe < 0 ? "" : rest.substring(pipe + 3, end < 0 ? rest.length() : end);
            boolean pages = PAGERS.contains(program) && rest.indexOf(';', pipe) < 0 && rest.indexOf('&', pipe) < 0;
            if (!pages) {
                break;
            }
            rest = rest.substring(0, pipe);
        }
        for (String joined : List.of(" 2>&1", " 2>/dev/null")) {
            rest = rest.endsWith(joined) ? rest.substring(0, rest.length() - joined.length()) : rest;
        }
        return rest.isBlank() ? line : rest;
    }

    /** Whether this is run for the same end as another: the same command, or the same runner for the same purpose. */
    boolean sameEnd(CommandLine other) {
        if (same.equals(other.same)) {
            return true;
        }
        if (purpose != other.purpose || !runner.equals(other.runner)) {
            return false;
        }
        if (purpose.proves()) {
            return true;
        }
        boolean script = purpose == CommandPurpose.RUN && !targets.isEmpty() && targets.equals(other.targets);
        return script || purpose == CommandPurpose.INSTALL || purpose == CommandPurpose.COMMIT;
    }
}
