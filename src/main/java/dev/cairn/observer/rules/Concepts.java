package dev.cairn.observer.rules;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which concepts files and texts speak of. */
final class Concepts {
    private static final int MAX_TEXT = 20_000;

    private static final Set<String> MANIFESTS = Words.set("""
            package.json package-lock.json yarn.lock pnpm-lock.yaml requirements.txt pyproject.toml
            poetry.lock uv.lock cargo.toml cargo.lock go.mod go.sum gemfile gemfile.lock composer.json
            pipfile libs.versions.toml""");
    private static final Set<String> BUILD_FILES = Words.set("""
            pom.xml build.gradle build.gradle.kts settings.gradle settings.gradle.kts makefile dockerfile
            cmakelists.txt justfile jenkinsfile .gitlab-ci.yml build.sbt meson.build setup.py tsconfig.json""");
    private static final Set<String> SETTINGS =
            Set.of("json", "yaml", "yml", "toml", "properties", "ini", "conf", "cfg", "env", "editorconfig");
    private static final Set<String> DOCUMENTS = Set.of("md", "markdown", "rst", "adoc", "mdx");

    private static final List<String> ERROR_WORDS = List.of(
            "exception", "catch", "except ", "retry", "timeout", "fallback", "raise ", "throw ", "recover", "error");
    private static final List<String> SECURITY_WORDS = Words.list("""
            password passwd credential csrf xss encrypt decrypt sanitiz sanitis oauth authenticat authoriz
            privilege vulnerab injection""");
    private static final List<String> PERFORMANCE_WORDS = List.of(
            "performance",
            "latency",
            "throughput",
            "benchmark",
            "memoiz",
            "optimiz",
            "optimis",
            "slow",
            "cache",
            "caching");
    private static final List<String> DEPENDENCY_WORDS = List.of("<dependency>", "implementation(", "implementation '");

    private Concepts() {}

    /** What a file's name and place say. */
    static Set<Concept> ofFile(String path) {
        Set<Concept> concepts = EnumSet.noneOf(Concept.class);
        String name = Texts.fileName(path).toLowerCase(Locale.ROOT);
        String extension = Texts.extension(path);
        if (isTest(path)) {
            concepts.add(Concept.TESTING);
        }
        if (MANIFESTS.contains(name)) {
            concepts.add(Concept.DEPENDENCIES);
        } else if (BUILD_FILES.contains(name) || path.contains(".github/workflows/")) {
            concepts.add(Concept.BUILD);
        } else if (SETTINGS.contains(extension) || name.startsWith(".env")) {
            concepts.add(Concept.CONFIGURATION);
        }
        if (DOCUMENTS.contains(extension) || path.startsWith("docs/")) {
            concepts.add(Concept.DOCUMENTATION);
        }
        return concepts;
    }

    /** Whether a file holds tests, by its name or place. */
    static boolean isTest(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        String name = Texts.fileName(lower);
        boolean placed = lower.startsWith("test/")
                || lower.startsWith("tests/")
                || lower.contains("/test/")
                || lower.contains("/tests/")
                || lower.contains("__tests__/")
                || lower.startsWith("spec/");
        int dot = name.indexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String original = Texts.fileName(path);
        return placed
                || stem.startsWith("test_")
                || stem.endsWith("_test")
                || stem.endsWith("_spec")
                || name.contains(".test.")
                || name.contains(".spec.")
                || original.contains("Test.")
                || original.contains("Tests.")
                || original.contains("IT.java");
    }

    /** What the words say that a change brought in: those that were not there before. */
    static Set<Concept> ofAddedText(String file, String before, String after) {
        Set<Concept> concepts = ofWords(after);
        concepts.removeAll(ofWords(before));
        String name = Texts.fileName(file).toLowerCase(Locale.ROOT);
        boolean build = BUILD_FILES.contains(name);
        if (build && mentions(head(after), DEPENDENCY_WORDS)) {
            concepts.add(Concept.DEPENDENCIES);
        }
        return concepts;
    }

    /** What words of a prompt or of code say. */
    static Set<Concept> ofWords(String text) {
        String words = head(text);
        Set<Concept> concepts = EnumSet.noneOf(Concept.class);
        if (mentions(words, ERROR_WORDS)) {
            concepts.add(Concept.ERROR_HANDLING);
        }
        if (mentions(words, SECURITY_WORDS)) {
            concepts.add(Concept.SECURITY);
        }
        if (mentions(words, PERFORMANCE_WORDS)) {
            concepts.add(Concept.PERFORMANCE);
        }
        return concepts;
    }

    private static String head(String text) {
        return text.substring(0, Math.min(text.length(), MAX_TEXT)).toLowerCase(Locale.ROOT);
    }

    private static boolean mentions(String text, List<String> words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
