package dev.cairn.observer.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolReadingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "Read | {\"file_path\":\"a\"} | READ",
                "view_file | {\"path\":\"a\"} | READ",
                "Write | {\"file_path\":\"a\",\"content\":\"\"} | WRITE",
                "Edit | {\"file_path\":\"a\",\"old_string\":\"x\",\"new_string\":\"\"} | EDIT",
                "MultiEdit | {\"file_path\":\"a\",\"edits\":[{\"old_string\":\"x\",\"new_string\":\"y\"}]} | EDIT",
                "NotebookEdit | {\"notebook_path\":\"a\",\"new_source\":\"x\"} | EDIT",
                "str_replace_based_edit_tool | {\"command\":\"view\",\"path\":\"a\"} | READ",
                "str_replace_based_edit_tool | {\"command\":\"create\",\"path\":\"a\",\"file_text\":\"x\"} | WRITE",
                "str_replace_based_edit_tool | {\"command\":\"str_replace\",\"path\":\"a\",\"new_str\":\"x\"} | EDIT",
                "Bash | {\"command\":\"ls\"} | COMMAND",
                "shell | {\"command\":[\"ls\"]} | COMMAND",
                "run_terminal_cmd | {\"command\":\"ls\"} | COMMAND",
                "shell | {\"command\":[\"apply_patch\",\"*** Begin Patch\\n*** Add File: a\\n+x\"]} | EDIT",
                "apply_patch | {\"input\":\"*** Begin Patch\"} | EDIT",
                "Grep | {\"pattern\":\"x\"} | SEARCH",
                "codebase_search | {\"query\":\"x\"} | SEARCH",
                "WebFetch | {\"url\":\"http://x\",\"prompt\":\"y\"} | WEB",
                "Agent | {\"description\":\"x\",\"prompt\":\"y\"} | DELEGATE",
                "Task | {\"prompt\":\"y\"} | DELEGATE",
                "TodoWrite | {\"todos\":[]} | HOUSEKEEPING",
                "ExitPlanMode | {\"plan\":\"x\"} | PLAN",
                "AskUserQuestion | {\"questions\":[]} | ASK",
                "mcp__mem__search | {\"query\":\"x\"} | SEARCH",
                "mcp__fs__write_file | {\"path\":\"a\",\"content\":\"x\"} | WRITE",
                "mcp__github__create | {\"title\":\"x\"} | EXTERNAL",
                "mcp__github__get_issue | {\"id\":3} | EXTERNAL",
                "brand_new | {\"cmd\":\"ls\"} | COMMAND",
                "brand_new | {\"filePath\":\"a\",\"content\":\"x\"} | WRITE",
                "brand_new | {\"path\":\"a\",\"newString\":\"x\"} | EDIT",
                "brand_new | {\"regex\":\"x\"} | SEARCH",
                "brand_new | {\"path\":\"a\"} | READ",
                "brand_new | {\"alpha\":1} | EXTERNAL",
                "brand_new | nonsense | EXTERNAL",
            })
    void a_tool_is_known_by_its_name_and_its_input(String name, String input, ToolKind kind) {
        assertThat(ToolKind.of(name.strip(), JsonText.read(input))).isEqualTo(kind);
    }

    @Test
    void json_is_read_as_far_as_it_goes() {
        assertThat(JsonText.read(null).isEmpty()).isTrue();
        assertThat(JsonText.read("plain words").text("")).isEqualTo("plain words");
        assertThat(JsonText.read("\"quoted\"").text("")).isEqualTo("quoted");
        assertThat(JsonText.read("[{\"text\":\"a\"},{\"text\":\"b\"}]").text("[1].text"))
                .isEqualTo("b");
        assertThat(JsonText.read("{\"a\":{\"b_c\":[1,{\"d\":true}]}}").text("a.bc[1].d"))
                .isEqualTo("true");
        assertThat(JsonText.read("{\"a\":1,\"b\":{\"c\":").number("a")).isEqualTo(1);
        assertThat(JsonText.read("{\"a\":\"line\nbreak\"}").text("a")).isEqualTo("line\nbreak");
        assertThat(JsonText.read("{not json").text("")).isEqualTo("{not json");
        assertThat(JsonText.read("[".repeat(100_000)).text("x")).isNull();
    }

    @Test
    void two_spellings_of_a_key_give_the_same_whatever_their_order() {
        String one = JsonText.read("{\"file_path\":\"a\",\"filePath\":\"b\"}").text("filepath");
        String other = JsonText.read("{\"filePath\":\"b\",\"file_path\":\"a\"}").text("filepath");

        assertThat(one).isEqualTo(other);
    }

    @Test
    void patches_of_both_forms_are_read() {
        ProjectPaths paths = new ProjectPaths("/p");
        List<FileChange> begin = Patches.read(
                "*** Begin Patch\n*** Add File: /p/a.py\n+def one():\n+    pass\n*** Delete File: b.py\n*** Update File: c.sql\n@@\n--- old\n+-- new\n*** End Patch",
                paths);
        List<FileChange> unified = Patches.read(
                "diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n@@ -1 +1,2 @@\n func Old() {\n+func New() {\n--- /dev/null\n+++ b/y.go\n@@ -0,0 +1 @@\n+package y\n",
                paths);

        assertThat(begin).extracting(FileChange::file).containsExactly("a.py", "b.py", "c.sql");
        assertThat(begin)
                .extracting(FileChange::mode)
                .containsExactly(FileChange.Mode.CREATED, FileChange.Mode.DELETED, FileChange.Mode.CHANGED);
        assertThat(begin.get(0).addedNames()).containsExactly("one");
        assertThat(begin.get(2).removed()).isEqualTo(1);
        assertThat(unified).extracting(FileChange::file).containsExactly("x.go", "y.go");
        assertThat(unified.get(0).addedNames()).containsExactly("New");
        assertThat(unified.get(0).touchedNames()).containsExactly("Old");
        assertThat(unified.get(1).mode()).isEqualTo(FileChange.Mode.CREATED);
    }

    @Test
    void paths_are_shown_relative_to_the_project() {
        ProjectPaths paths = new ProjectPaths("/home/dev/shop");

        assertThat(paths.show("/home/dev/shop/src/./a/../A.java")).isEqualTo("src/A.java");
        assertThat(paths.show("./src//A.java")).isEqualTo("src/A.java");
        assertThat(paths.show("/home/dev/shop")).isEqualTo(".");
        assertThat(paths.show("/home/dev/shopping/A.java")).isEqualTo("/home/dev/shopping/A.java");
        assertThat(paths.show("src\\win\\A.cs")).isEqualTo("src/win/A.cs");
        assertThat(paths.show("file:///home/dev/shop/x")).isEqualTo("x");
        assertThat(new ProjectPaths("named").show("/abs/x")).isEqualTo("/abs/x");
        assertThat(ProjectPaths.outside("/etc/hosts")).isTrue();
        assertThat(ProjectPaths.outside("src/A.java")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "A.java | public static <T> List<T> all(int x) { | all",
                "A.java | public sealed interface Shape permits A {} | -",
                "A.java | public record Hit(long id) {} | Hit",
                "A.java | void load(int id) { | load",
                "A.java | return call(x); | -",
                "A.java | } else if (x) { | -",
                "A.java | // the class that | -",
                "A.java | String s = compute(x); | -",
                "a.py | async def fetch(self): | fetch",
                "a.py | class Cart(Base): | Cart",
                "a.py | print(foo) | -",
                "a.go | func (r *Repo) Find(id int) error { | Find",
                "a.go | type Repo struct { | Repo",
                "a.rs | pub(crate) fn login(f: Form) -> X { | login",
                "a.rs | impl Cart { | -",
                "a.ts | export const total = (items) => { | total",
                "a.ts | export default function App() { | App",
                "a.ts | const x = 3; | -",
                "a.ts | describe('cart', () => { | -",
                "a.ts | export interface Props { | Props",
                "a.kt | suspend fun load(): Int { | load",
                "a.rb | def total | total",
                "a.sql | CREATE TABLE IF NOT EXISTS carts ( | carts",
                "a.md | ## How it works | How it works",
                "a.md | class Foo { | -",
                "a.json | class Foo { | -",
                "a.c | int main(int argc) { | main",
            })
    void definitions_are_found_in_many_languages(String file, String line, String name) {
        assertThat(Symbols.in(file.strip(), line))
                .isEqualTo(name.equals("-") ? java.util.Set.of() : java.util.Set.of(name));
    }

    @Test
    void a_change_tells_lines_and_names() {
        FileChange change = FileChange.of(
                "a.py",
                FileChange.Mode.CHANGED,
                "def aa():\n    x\n\ndef bb():\n    y\n",
                "def aa():\n    z\n\ndef cc():\n    y\n");

        assertThat(change.added()).isEqualTo(2);
        assertThat(change.removed()).isEqualTo(2);
        assertThat(change.addedNames()).containsExactly("cc");
        assertThat(change.removedNames()).containsExactly("bb");
        assertThat(change.touchedNames()).containsExactly("aa");
    }
}
