package dev.cairn.observer.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandOutcomeTest {
    private static CommandOutcome outcome(String command, @Nullable String response, @Nullable String error) {
        return CommandOutcome.of(
                CommandLine.of(command), JsonText.read(response), error, new ProjectPaths("/home/dev/shop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Tests run: 12, Failures: 1, Errors: 1, Skipped: 2 | 8 | 2",
                "=========== 1 failed, 11 passed in 0.12s =========== | 11 | 1",
                "14 passed, 2 warnings in 0.41s | 14 | 0",
                "Tests:       1 failed, 11 passed, 12 total | 11 | 1",
                "Tests  3 passed (3) | 3 | 0",
                "test result: FAILED. 11 passed; 1 failed; 0 ignored | 11 | 1",
                "12 examples, 1 failure | 11 | 1",
                "12 tests completed, 1 failed | 11 | 1",
                "Failed!  - Failed:     1, Passed:     2, Skipped:     0 | 2 | 1",
                "OK (5 tests, 6 assertions) | 5 | 0",
                "'Tests: 5, Assertions: 6, Failures: 1.' | 4 | 1",
            })
    void a_runners_result_line_is_read(String line, int passed, int failed) {
        TestReport report = TestReport.read(List.of("noise", line));

        assertThat(report).extracting(TestReport::passed, TestReport::failed).containsExactly(passed, failed);
    }

    @Test
    void results_over_several_lines_are_added_up() {
        assertThat(TestReport.read(List.of("  12 passing (1s)", "  2 failing")))
                .extracting(TestReport::words)
                .isEqualTo("2 of 14 tests failed");
        assertThat(TestReport.read(List.of("# pass 3", "# fail 1")))
                .extracting(TestReport::words)
                .isEqualTo("1 of 4 tests failed");
        assertThat(TestReport.read(List.of("Ran 5 tests in 0.1s", "FAILED (failures=1, errors=1)")))
                .extracting(TestReport::words)
                .isEqualTo("2 of 5 tests failed");
        assertThat(TestReport.read(List.of("ok  \tshop/cart\t0.1s", "FAIL\tshop/tax\t0.2s")))
                .extracting(TestReport::words)
                .isEqualTo("1 of 2 packages failed");
        assertThat(TestReport.read(List.of("Tests run: 3, Failures: 0", "Tests run: 9, Failures: 0", "BUILD SUCCESS")))
                .extracting(TestReport::words)
                .isEqualTo("9 tests passed");
        assertThat(TestReport.read(List.of("added 4 packages in 2s", "version 3 passed on")))
                .isNull();
    }

    @Test
    void an_exit_code_and_its_reason_are_told() {
        CommandOutcome outcome = outcome("echo oops >&2; exit 3", null, "Exit code 3\noops");

        assertThat(outcome.ok()).isFalse();
        assertThat(outcome.words()).isEqualTo("exit code 3");
        assertThat(outcome.error()).isEqualTo("oops");
    }

    @Test
    void other_hosts_tell_the_exit_code_in_the_answer() {
        assertThat(outcome("ls x", "{\"output\":\"no\",\"metadata\":{\"exit_code\":2}}", null)
                        .words())
                .isEqualTo("exit code 2");
        assertThat(outcome("ls x", "{\"output\":\"yes\",\"exitCode\":0}", null).ok())
                .isTrue();
    }

    @Test
    void a_failure_that_a_pipe_hides_is_seen_in_the_output() {
        assertThat(outcome("mvn test | tail", "{\"stdout\":\"Tests run: 4, Failures: 1\"}", null)
                        .words())
                .isEqualTo("1 of 4 tests failed");
        assertThat(outcome("mvn package | tail", "{\"stdout\":\"[INFO] BUILD FAILURE\"}", null)
                        .words())
                .isEqualTo("build failed");
        assertThat(outcome("cat log.txt", "{\"stdout\":\"BUILD FAILURE\"}", null)
                        .ok())
                .as("reading about a failure is none")
                .isTrue();
    }

    @Test
    void interruptions_and_time_outs_are_told_apart() {
        assertThat(outcome("mvn test", "{\"stdout\":\"\",\"interrupted\":true}", null)
                        .words())
                .isEqualTo("interrupted");
        assertThat(outcome("mvn test", null, "[Request interrupted by user for tool use]")
                        .interrupted())
                .isTrue();
        assertThat(outcome("mvn test", null, "Command timed out after 2m 0s").words())
                .isEqualTo("timed out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "E   AssertionError: assert 3 == 2 | AssertionError: assert 3 == 2",
                "org.opentest4j.AssertionFailedError: expected: <1> but was: <2> | AssertionFailedError: expected: <1> but was: <2>",
                "src/a.rs:3: error[E0308]: mismatched types | src/a.rs:3: error[E0308]: mismatched types",
                "/home/dev/shop/src/A.java:[8,44] cannot find symbol | src/A.java:[8,44] cannot find symbol",
                "ValueError: bad | ValueError: bad",
                "fatal: not a git repository | fatal: not a git repository",
            })
    void the_most_telling_line_is_picked(String line, String expected) {
        String output = "Exit code 1\nRunning things\nBUILD FAILURE\n  at a.b.C(D.java:1)\n" + line
                + "\n[ERROR] Failed to execute goal x";

        assertThat(outcome("mvn test", null, output).error()).isEqualTo(expected);
    }

    @Test
    void names_of_failed_tests_are_found() {
        assertThat(ErrorText.failedTests(List.of(
                        "[ERROR]   CartTest.total:31 expected",
                        "FAILED tests/test_cart.py::test_total - AssertionError",
                        "--- FAIL: TestTotal (0.00s)",
                        "test cart::total ... FAILED",
                        "● Cart › total",
                        "[INFO] Running shop.OtherTest.fine",
                        "\tat shop.CartTest.frame(CartTest.java:3)")))
                .containsExactly(
                        "CartTest.total", "tests/test_cart.py::test_total", "TestTotal", "cart::total", "Cart › total");
    }

    @Test
    void a_commits_hash_is_read() {
        assertThat(outcome("git commit -m x", "{\"stdout\":\"[main 4f2c9e1] x\\n 1 file changed\"}", null)
                        .commit())
                .isEqualTo("4f2c9e1");
        assertThat(outcome("git commit -m x", "{\"stdout\":\"[main (root-commit) 4f2c9e1] x\"}", null)
                        .commit())
                .isEqualTo("4f2c9e1");
    }

    @Test
    void only_the_ends_of_a_long_output_are_looked_at() {
        String long_ = "x\n".repeat(50_000) + "Tests run: 2, Failures: 0\n";

        CommandOutcome outcome = outcome("mvn test", "{\"stdout\":\"" + long_.replace("\n", "\\n") + "\"}", null);

        assertThat(outcome.report()).extracting(TestReport::passed).isEqualTo(2);
    }
}
