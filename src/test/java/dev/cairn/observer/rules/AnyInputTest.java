package dev.cairn.observer.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.ToolUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever was recorded: it is never an error, always bounded, always the same. */
class AnyInputTest {
    private static final List<String> TOOLS = List.of(
            "Read",
            "Write",
            "Edit",
            "MultiEdit",
            "Bash",
            "Grep",
            "Glob",
            "LS",
            "WebFetch",
            "WebSearch",
            "Agent",
            "TodoWrite",
            "ExitPlanMode",
            "AskUserQuestion",
            "NotebookEdit",
            "mcp__a__b",
            "apply_patch",
            "shell",
            "unheard_of",
            "",
            "\u0000",
            "str_replace_based_edit_tool",
            "mcp__",
            "Skill");
    private static final List<String> KEYS = List.of(
            "file_path",
            "filePath",
            "path",
            "command",
            "cmd",
            "old_string",
            "new_string",
            "content",
            "pattern",
            "url",
            "query",
            "edits",
            "plan",
            "questions",
            "answers",
            "stdout",
            "stderr",
            "interrupted",
            "file",
            "filenames",
            "numFiles",
            "patch",
            "input",
            "description",
            "agentId",
            "type",
            "originalFile",
            "exit_code",
            "",
            "a.b[0]");
    private static final List<String> VALUES = List.of(
            "/home/dev/shop/src/Cart.java",
            "src/cart_test.py",
            "../../etc/passwd",
            "~/.zshrc",
            "mvn -q test",
            "npm test | tail -3",
            "git commit -m \"fix: it\"",
            "rm -rf 'unclosed",
            "cat <<EOF > a.txt\nx",
            "$(((((",
            "echo `a",
            "Tests run: 3, Failures: 1",
            "*** Begin Patch\n*** Update File: a.py\n-x\n+def y():\n",
            "--- a/x\n+++ b/x\n@@\n+1",
            "public void total() {",
            "# Heading\n- point one is long\n- point two is long",
            "修复购物车",
            "\ud83d\ude00\ud83d",
            "\u001b[31mred\u001b[0m",
            "\u001b[",
            "Exit code 99999999999",
            "Exit code 3\noops",
            "[Request interrupted by user]",
            "true",
            "",
            " ",
            "\r\r\n\n",
            "<<<",
            ">",
            "Next steps:\n- one more thing",
            "I decided to stop here because of it.",
            "func (r *Repo) Find(",
            "class ",
            "((((");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Timeout(60)
    void garbage_is_observed_without_an_error_within_bounds_and_always_alike(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            TurnWork work = turn(random);
            TurnRules.Made observed = TurnRules.observe(work);

            assertBounded(work, observed);
            assertThat(TurnRules.observe(work)).isEqualTo(observed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"recorded-session", "bug-fix", "feature", "exploration", "other-agent", "plan-and-decision"})
    void the_order_of_keys_does_not_matter(String name) throws Exception {
        TurnWork work = TurnFiles.read(name);
        TurnRules.Made expected = TurnRules.observe(work);
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            TurnWork shuffled = withTexts(work, text -> shuffle(text, random));

            assertThat(TurnRules.observe(shuffled)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recorded-session", "bug-fix", "feature", "exploration", "other-agent", "interrupted"})
    void a_text_cut_anywhere_is_no_error_and_the_turn_is_still_summed_up(String name) throws Exception {
        TurnWork work = TurnFiles.read(name);
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            TurnWork cut = withTexts(work, text -> text.substring(0, random.nextInt(text.length() + 1)));
            TurnRules.Made observed = TurnRules.observe(cut);

            assertBounded(cut, observed);
            assertThat(observed.summary()).isNotNull();
        }
    }

    @Test
    void a_cut_input_keeps_the_file_that_stands_before_the_cut() {
        JsonText text = JsonText.read("{\"file_path\":\"/a/b.java\",\"content\":\"class A {\\n  int");

        assertThat(text.text("filepath")).isEqualTo("/a/b.java");
        assertThat(text.text("content")).isEqualTo("class A {\n  int");
    }

    @Test
    @Timeout(90)
    void thousands_of_tool_uses_with_large_texts_take_linear_time_and_give_bounded_output() {
        String large = "public void method() { if (x) return; }\n".repeat(1_600);
        List<ToolUse> uses = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            uses.add(
                    switch (i % 5) {
                        case 0 ->
                            use(
                                    i,
                                    "Write",
                                    input("file_path", "/home/dev/shop/src/F" + i + ".java", "content", large),
                                    "{}",
                                    null);
                        case 1 ->
                            use(i, "Bash", input("command", "mvn test -Dtest=T" + i), null, "Exit code 1\n" + large);
                        case 2 ->
                            use(
                                    i,
                                    "Read",
                                    input("file_path", "/home/dev/shop/src/R" + i + ".java"),
                                    input("content", large),
                                    null);
                        case 3 ->
                            use(
                                    i,
                                    "Bash",
                                    input("command", "mvn test -Dtest=T" + (i - 2)),
                                    input("stdout", large),
                                    null);
                        default -> use(i, "Grep", input("pattern", "p" + i), input("content", large), null);
                    });
        }
        TurnWork work = work(uses, "Add everything", List.of());
        // The first run warms the code up.
        TurnRules.observe(work(uses.subList(0, 300), "Add everything", List.of()));
        long begin = System.nanoTime();
        TurnRules.Made observed = TurnRules.observe(work);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        assertBounded(work, observed);
        assertThat(took).as("within the deadline of one observation").isLessThan(Duration.ofSeconds(30));
    }

    @Test
    @Timeout(20)
    void hostile_lines_do_not_make_the_patterns_run_away() {
        List<String> hostile = List.of(
                "a".repeat(60_000),
                "(".repeat(60_000),
                "public ".repeat(9_000) + "(",
                "Tests run: ".repeat(6_000),
                " ".repeat(60_000),
                "1 passed ".repeat(7_000),
                "A".repeat(60_000) + "Test.",
                "\\\"".repeat(30_000),
                "<".repeat(60_000),
                "| tail ".repeat(9_000),
                "decided ".repeat(8_000),
                "1. ".repeat(20_000),
                "-m ".repeat(20_000),
                "$(".repeat(30_000),
                "x=".repeat(30_000),
                "func (".repeat(10_000),
                "E   ".repeat(15_000),
                "**".repeat(30_000),
                "next steps ".repeat(6_000),
                "\u001b[1".repeat(20_000));
        List<ToolUse> uses = new ArrayList<>();
        int id = 0;
        for (String text : hostile) {
            uses.add(use(++id, "Bash", input("command", text), input("stdout", text), null));
            uses.add(use(++id, "Bash", input("command", "npm test"), null, text));
            uses.add(
                    use(++id, "Edit", input("file_path", "a.java", "old_string", "x", "new_string", text), "{}", null));
            uses.add(use(++id, "Edit", input("file_path", text, "old_string", "x", "new_string", text), "{}", null));
            uses.add(use(++id, "Read", input("file_path", "b.py"), input("content", text), null));
            uses.add(use(++id, "apply_patch", "*** Begin Patch\n" + text, text, null));
        }
        for (String text : hostile) {
            TurnWork work = work(uses, text, List.of(new TurnNote(EventKind.STOP, null, null, text, 5_000)));
            assertBounded(work, TurnRules.observe(work));
        }
    }

    private static void assertBounded(TurnWork work, TurnRules.Made observed) {
        Set<Long> fresh = new HashSet<>(work.fresh());
        Set<Long> used = new HashSet<>();
        assertThat(observed.observations().size()).isLessThanOrEqualTo(20);
        for (NewObservation o : observed.observations()) {
            assertThat(o.title()).isNotBlank().hasSizeLessThanOrEqualTo(90).doesNotContain("\n");
            assertThat(o.type()).isIn("bugfix", "feature", "refactor", "change", "discovery", "decision");
            assertThat(o.facts()).hasSizeLessThanOrEqualTo(20).allMatch(f -> f.length() <= 401);
            assertThat(o.filesRead()).hasSizeLessThanOrEqualTo(50);
            assertThat(o.filesModified()).hasSizeLessThanOrEqualTo(50);
            assertThat(o.commands()).hasSizeLessThanOrEqualTo(20);
            assertThat(String.valueOf(o.narrative())).hasSizeLessThanOrEqualTo(1_601);
            assertThat(o.createdAt()).isPositive();
            assertThat(fresh).containsAll(o.toolUseIds());
            for (long id : o.toolUseIds()) {
                assertThat(used.add(id))
                        .as("tool use %s is in one observation only", id)
                        .isTrue();
            }
        }
        NewSummary summary = observed.summary();
        boolean silent = work.toolUses().isEmpty()
                && work.notes().stream()
                        .allMatch(n -> n.text() == null || n.text().isBlank());
        if (silent) {
            assertThat(summary).isNull();
        } else if (summary != null) {
            assertThat(String.valueOf(summary.request()).length()).isLessThanOrEqualTo(500);
            assertThat(String.valueOf(summary.notes()).length()).isLessThanOrEqualTo(1_000);
            assertThat(String.valueOf(summary.completed()).length()).isLessThanOrEqualTo(1_000);
            assertThat(String.valueOf(summary.learned()).length()).isLessThanOrEqualTo(1_000);
        }
    }

    private static TurnWork turn(Random random) {
        List<ToolUse> uses = new ArrayList<>();
        int size = random.nextInt(40);
        for (int i = 0; i < size; i++) {
            String error = random.nextInt(4) == 0 ? pick(VALUES, random) : null;
            uses.add(use(i, pick(TOOLS, random), json(random), random.nextBoolean() ? json(random) : null, error));
        }
        List<TurnNote> notes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            EventKind kind = List.of(EventKind.STOP, EventKind.SUBAGENT_STOP, EventKind.COMPACT)
                    .get(random.nextInt(3));
            String text = random.nextInt(5) == 0 ? null : pick(VALUES, random) + "\n\n" + pick(VALUES, random);
            notes.add(new TurnNote(kind, random.nextBoolean() ? "a1" : null, pick(VALUES, random), text, 2_000 + i));
        }
        TurnWork whole = work(uses, random.nextInt(5) == 0 ? null : pick(VALUES, random), notes);
        List<Long> fresh = new ArrayList<>(whole.fresh());
        fresh.removeIf(id -> random.nextInt(4) == 0);
        return new TurnWork(
                1,
                whole.project(),
                "x",
                "s",
                1,
                1,
                whole.prompt(),
                whole.toolUses(),
                fresh,
                whole.notes(),
                1_000,
                9_000);
    }

    private static @Nullable String json(Random random) {
        if (random.nextInt(12) == 0) {
            return random.nextBoolean() ? null : pick(VALUES, random);
        }
        ObjectNode node = WireFormat.mapper().createObjectNode();
        for (int i = random.nextInt(6); i > 0; i--) {
            String key = pick(KEYS, random);
            switch (random.nextInt(6)) {
                case 0 -> node.put(key, random.nextInt());
                case 1 ->
                    node.putArray(key)
                            .add(pick(VALUES, random))
                            .add(1)
                            .addObject()
                            .put(pick(KEYS, random), "x");
                case 2 -> node.putObject(key).put(pick(KEYS, random), pick(VALUES, random));
                case 3 -> node.putNull(key);
                default -> node.put(key, pick(VALUES, random));
            }
        }
        String text = node.toString();
        return random.nextInt(6) == 0 ? text.substring(0, random.nextInt(text.length())) : text;
    }

    private static String pick(List<String> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String input(String... pairs) {
        ObjectNode node = WireFormat.mapper().createObjectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            node.put(pairs[i], pairs[i + 1]);
        }
        return node.toString();
    }

    private static ToolUse use(
            int id, String tool, @Nullable String input, @Nullable String response, @Nullable String error) {
        Project project = new Project("/home/dev/shop", "shop");
        return new ToolUse(
                id + 1L, project, "x", "s", 1, null, tool, "u" + id, input, response, error, 1L, null, 1_001L + id);
    }

    private static TurnWork work(List<ToolUse> uses, @Nullable String prompt, List<TurnNote> notes) {
        Project project = new Project("/home/dev/shop", "shop");
        Prompt asked = prompt == null ? null : new Prompt(1, project, "x", "s", 1, prompt, 1_000);
        List<Long> fresh = uses.stream().map(ToolUse::id).toList();
        return new TurnWork(1, project, "x", "s", 1, 1, asked, uses, fresh, notes, 1_000, 9_000);
    }

    private static TurnWork withTexts(TurnWork work, java.util.function.UnaryOperator<String> change) {
        List<ToolUse> uses = new ArrayList<>();
        for (ToolUse use : work.toolUses()) {
            String input = use.input() == null ? null : change.apply(use.input());
            String response = use.response() == null ? null : change.apply(use.response());
            uses.add(new ToolUse(
                    use.id(),
                    use.project(),
                    use.platform(),
                    use.sessionId(),
                    use.turn(),
                    use.agentId(),
                    use.toolName(),
                    use.toolUseId(),
                    input,
                    response,
                    use.error(),
                    use.durationMs(),
                    use.observationId(),
                    use.createdAt()));
        }
        return new TurnWork(
                work.turnId(),
                work.project(),
                work.platform(),
                work.sessionId(),
                work.turn(),
                work.attempt(),
                work.prompt(),
                uses,
                work.fresh(),
                work.notes(),
                work.startedAt(),
                work.endedAt());
    }

    private static String shuffle(String json, Random random) {
        try {
            return shuffled(WireFormat.mapper().readTree(json), random).toString();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return json;
        }
    }

    private static JsonNode shuffled(JsonNode node, Random random) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            Collections.shuffle(names, random);
            ObjectNode copy = WireFormat.mapper().createObjectNode();
            names.forEach(name -> copy.set(name, shuffled(object.get(name), random)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = WireFormat.mapper().createArrayNode();
            array.forEach(item -> copy.add(shuffled(item, random)));
            return copy;
        }
        return node;
    }
}
