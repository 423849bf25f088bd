package dev.cairn.observer.rules;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a simple command is run for: by its program and its first words. */
final class CommandRules {
    private static final Set<String> LOOKING = Words.set("""
            ls pwd echo printf cat head tail less more wc which whereis type file stat du df tree find fd
            grep rg ag egrep fgrep awk cut sort uniq tr date whoami env printenv ps top uname hostname id
            history sleep true false test [ [[ cd export set source . diff cmp jq yq xargs tee basename
            dirname realpath readlink column nl od xxd hexdump strings wait jobs command alias pushd popd
            read for do done if then fi while sed ss lsof free bat""");
    private static final Set<String> GIT_CHANGES = Words.set("""
            push pull merge rebase checkout switch cherry-pick revert reset tag clone init restore apply am
            worktree""");
    private static final Set<String> FILES =
            Set.of("rm", "mv", "cp", "mkdir", "rmdir", "ln", "touch", "chmod", "chown", "unzip");
    private static final Set<String> TEST_PROGRAMS = Words.set("""
            pytest py.test tox nox jest vitest mocha ava rspec phpunit pest ctest bats nose2 unittest
            cypress nextest busted karma""");
    private static final Set<String> CHECKERS = Words.set("""
            eslint prettier ruff flake8 mypy black isort pylint pyright golangci-lint checkstyle rubocop
            stylelint shellcheck clang-format clang-tidy biome gofmt rustfmt staticcheck phpstan ktlint
            hadolint yamllint markdownlint vale""");
    private static final Set<String> BUILDERS = Words.set("""
            make cmake ninja meson bazel javac kotlinc scalac gcc g++ clang clang++ rustc webpack rollup
            esbuild vite tsc sbt ant just msbuild xcodebuild parcel tsup""");
    private static final Set<String> INSTALLERS =
            Set.of("install", "i", "add", "ci", "remove", "uninstall", "upgrade", "update");
    private static final Set<String> PACKAGERS = Words.set("""
            npm yarn pnpm bun pip pip3 pipx poetry uv gem bundle composer apt apt-get brew dnf yum apk
            pacman conda mamba pdm deno nuget helm rustup""");

    private CommandRules() {}

    /**
     * @param program the program's name without its directory
     * @param words what follows it
     */
    static CommandPurpose purpose(String program, List<String> words) {
        String first = firstPlain(words);
        if (asksForHelp(words)) {
            return CommandPurpose.LOOK;
        }
        @Nullable
        CommandPurpose special = switch (program) {
            case "git" -> git(first, words);
            case "mvn", "gradle" -> jvmBuild(words);
            case "npm", "yarn", "pnpm", "bun" -> node(first, words);
            case "cargo", "go", "dotnet", "swift", "mix", "deno", "zig" -> compiler(program, first);
            case "make", "just", "rake", "task" -> target(words);
            case "sed" -> words.stream().anyMatch(w -> w.startsWith("-i")) ? CommandPurpose.FILES : CommandPurpose.LOOK;
            case "docker", "podman", "kubectl" -> container(first, words);
            default -> null;
        };
        if (special != null) {
            return special;
        }
        if (TEST_PROGRAMS.contains(program) || isTestScript(program)) {
            return CommandPurpose.TEST;
        }
        if (program.equals("playwright") && first.equals("test")) {
            return CommandPurpose.TEST;
        }
        if (CHECKERS.contains(program) || (program.equals("tsc") && words.contains("--noEmit"))) {
            return CommandPurpose.CHECK;
        }
        if (BUILDERS.contains(program) || isNamed(program, "build", "compile")) {
            return CommandPurpose.BUILD;
        }
        if (isNamed(program, "lint", "check", "format")) {
            return CommandPurpose.CHECK;
        }
        if (PACKAGERS.contains(program)) {
            return packager(first, words);
        }
        if (FILES.contains(program)) {
            return CommandPurpose.FILES;
        }
        return LOOKING.contains(program) ? CommandPurpose.LOOK : CommandPurpose.RUN;
    }

    private static boolean asksForHelp(List<String> words) {
        return !words.isEmpty()
                && words.stream()
                        .anyMatch(w -> w.equals("--version") || w.equals("--help") || w.equals("-h") || w.equals("-V"));
    }

    private static CommandPurpose git(String verb, List<String> words) {
        if (verb.equals("commit")) {
            return CommandPurpose.COMMIT;
        }
        if (verb.equals("mv") || verb.equals("rm")) {
            return CommandPurpose.FILES;
        }
        boolean lists =
                (verb.equals("tag") || verb.equals("worktree")) && (words.size() == 1 || words.contains("list"));
        boolean changes = GIT_CHANGES.contains(verb) || (verb.equals("stash") && !words.contains("list"));
        return changes && !lists ? CommandPurpose.GIT : CommandPurpose.LOOK;
    }

    private static CommandPurpose jvmBuild(List<String> words) {
        CommandPurpose found = CommandPurpose.BUILD;
        for (String word : words) {
            String goal = word.substring(word.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT);
            if (word.startsWith("-Dtest") || word.startsWith("-Dit.test") || goal.equals("verify")) {
                return CommandPurpose.TEST;
            }
            if (word.startsWith("-")) {
                continue;
            }
            if (goal.endsWith("test") || goal.equals("check")) {
                return word.contains("spotless") || word.contains("checkstyle")
                        ? CommandPurpose.CHECK
                        : CommandPurpose.TEST;
            }
            if (goal.startsWith("dependencies")
                    || goal.equals("tree")
                    || goal.equals("tasks")
                    || goal.equals("effective-pom")) {
                found = CommandPurpose.LOOK;
            } else if (word.startsWith("spotless") || word.startsWith("checkstyle") || goal.equals("lint")) {
                found = CommandPurpose.CHECK;
            }
        }
        return found;
    }

    private static CommandPurpose node(String verb, List<String> words) {
        if (verb.equals("test") || verb.equals("t")) {
            return CommandPurpose.TEST;
        }
        String script = verb;
        if (verb.equals("run")
                || verb.equals("run-script")
                || verb.equals("x")
                || verb.equals("exec")
                || verb.equals("dlx")) {
            int at = words.indexOf(verb) + 1;
            script = firstPlain(words.subList(Math.min(at, words.size()), words.size()));
        } else if (INSTALLERS.contains(verb) || verb.isEmpty()) {
            return CommandPurpose.INSTALL;
        } else if (verb.equals("ls") || verb.equals("list") || verb.equals("view") || verb.equals("outdated")) {
            return CommandPurpose.LOOK;
        }
        return script(script);
    }

    private static CommandPurpose script(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("test") || lower.contains("e2e") || TEST_PROGRAMS.contains(lower)) {
            return CommandPurpose.TEST;
        }
        if (lower.contains("lint") || lower.contains("check") || lower.contains("format") || CHECKERS.contains(lower)) {
            return CommandPurpose.CHECK;
        }
        return lower.contains("build") || lower.contains("compile") || BUILDERS.contains(lower)
                ? CommandPurpose.BUILD
                : CommandPurpose.RUN;
    }

    private static CommandPurpose compiler(String program, String verb) {
        return switch (verb) {
            case "test", "nextest", "bench" -> CommandPurpose.TEST;
            case "build", "publish", "compile", "package" -> CommandPurpose.BUILD;
            case "check" -> program.equals("cargo") ? CommandPurpose.BUILD : CommandPurpose.CHECK;
            case "clippy", "fmt", "vet", "lint", "format" -> CommandPurpose.CHECK;
            case "add", "get", "install", "remove", "update", "mod", "restore", "tool" -> CommandPurpose.INSTALL;
            default -> CommandPurpose.RUN;
        };
    }

    private static CommandPurpose target(List<String> words) {
        String target = firstPlain(words);
        CommandPurpose purpose = script(target);
        return purpose == CommandPurpose.RUN
                ? CommandPurpose.BUILD
                : target.equals("check") ? CommandPurpose.TEST : purpose;
    }

    private static CommandPurpose container(String verb, List<String> words) {
        if (verb.equals("build") || words.contains("build")) {
            return CommandPurpose.BUILD;
        }
        Set<String> looking =
                Set.of("ps", "images", "logs", "inspect", "get", "describe", "version", "info", "top", "stats");
        return looking.contains(verb) ? CommandPurpose.LOOK : CommandPurpose.RUN;
    }

    private static CommandPurpose packager(String verb, List<String> words) {
        if (verb.equals("run")) {
            int at = words.indexOf("run") + 1;
            List<String> rest = words.subList(Math.min(at, words.size()), words.size());
            return rest.isEmpty() ? CommandPurpose.RUN : purpose(rest.get(0), rest.subList(1, rest.size()));
        }
        boolean installs =
                INSTALLERS.contains(verb) || verb.equals("pip") || verb.equals("sync") || verb.equals("require");
        boolean lists = words.contains("list") || words.contains("show") || words.contains("search");
        return installs ? CommandPurpose.INSTALL : lists ? CommandPurpose.LOOK : CommandPurpose.RUN;
    }

    private static boolean isTestScript(String program) {
        String stem = stem(program);
        return (stem.equals("test") && !program.equals("test"))
                || stem.equals("tests")
                || stem.startsWith("test-")
                || stem.startsWith("test_")
                || stem.startsWith("run-tests")
                || stem.startsWith("run_tests")
                || stem.endsWith("-test")
                || stem.endsWith("_test")
                || stem.equals("runtests");
    }

    private static boolean isNamed(String program, String... names) {
        String stem = stem(program);
        for (String name : names) {
            if ((stem.equals(name) && !program.equals(name))
                    || stem.startsWith(name + "-")
                    || stem.startsWith(name + "_")) {
                return true;
            }
        }
        return false;
    }

    private static String stem(String program) {
        int dot = program.indexOf('.');
        return (dot > 0 ? program.substring(0, dot) : program).toLowerCase(Locale.ROOT);
    }

    static String firstPlain(List<String> words) {
        for (String word : words) {
            if (!word.startsWith("-") && !word.isEmpty()) {
                return word;
            }
        }
        return "";
    }
}
