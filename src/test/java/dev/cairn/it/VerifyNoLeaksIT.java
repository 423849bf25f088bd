package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verification script as it is, against the real jar; and against a leak, because a check that cannot fail shows nothing. */
class VerifyNoLeaksIT {
    private static final List<String> STEPS = List.of("stop", "restart", "kill -9", "kill -9 and restart", "last stop");

    @TempDir
    Path dir;

    /** A line of the table. */
    private record Row(String step, int before, int after, String seconds) {}

    @BeforeEach
    void linux() {
        Tools.require("bash");
        Tools.require("curl");
        Tools.require("setsid");
        Tools.requireThat(Files.isReadable(Path.of("/proc/self/environ")), "there is no /proc");
    }

    private Tools.Run script(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of("deploy", "verify-no-leaks.sh").toAbsolutePath().toString(),
                "--jar",
                WorkerProcess.JAR.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return Tools.run(dir, Map.of("JAVA_HOME", System.getProperty("java.home"), "TMPDIR", dir.toString()), command);
    }

    private static List<Row> table(String output) {
        return output.lines()
                .map(line -> line.split("\\|", -1))
                .filter(cells -> cells.length == 4 && !cells[0].strip().equals("step"))
                .map(cells -> new Row(
                        cells[0].strip(),
                        Integer.parseInt(cells[1].strip()),
                        Integer.parseInt(cells[2].strip()),
                        cells[3].strip()))
                .toList();
    }

    private void nothingOfItIsLeft() throws Exception {
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("cairn-verify.")))
                    .isEmpty();
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(dir.toString())))
                .isEmpty();
    }

    @Test
    @DisplayName("A1, A2, A7: whatever the worker is ended by, nothing is left")
    void nothingIsLeft() throws Exception {
        Tools.Run run = script();
        assertThat(run.exitCode()).as(run.output()).isZero();
        List<Row> rows = table(run.output());
        assertThat(rows).extracting(Row::step).containsExactlyElementsOf(STEPS);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.before()).as(row.step()).isGreaterThanOrEqualTo(3);
            assertThat(row.after()).as(row.step()).isZero();
        });
        assertThat(rows)
                .filteredOn(row -> row.step().startsWith("kill"))
                .allSatisfy(row -> assertThat(Double.parseDouble(row.seconds()))
                        .as(row.step())
                        .isLessThan(2));
        assertThat(run.output()).endsWith("nothing was left\n");
        nothingOfItIsLeft();
    }

    @Test
    @DisplayName("A planted leak is found, listed and ends it with 1")
    void aLeakIsFound() throws Exception {
        Tools.Run run = script("--children", "stand-in", "--self-test");
        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        List<Row> rows = table(run.output());
        assertThat(rows.subList(0, STEPS.size())).extracting(Row::after).containsOnly(0);
        assertThat(rows.get(STEPS.size())).isEqualTo(new Row("planted leak", 1, 1, "-"));
        assertThat(run.output())
                .contains("left 2 s after: planted leak")
                .containsPattern("(?m)^  pid \\d+: sleep 120")
                .doesNotContain("nothing was left");
        String pid = run.output().replaceAll("(?s).*\\n {2}pid (\\d+): sleep 120.*", "$1");
        assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                .as("the leak it planted")
                .isEmpty();
        nothingOfItIsLeft();
    }

    @Test
    void wrongUseIsNoResult() throws Exception {
        for (String[] arguments : new String[][] {{"--rounds", "0"}, {"--children", "many"}, {"--unknown"}}) {
            Tools.Run run = script(arguments);
            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            assertThat(run.output()).startsWith("verify-no-leaks: ").contains(arguments[0]);
        }
    }
}
