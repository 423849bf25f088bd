package dev.cairn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is never ended: through a worker's life, its kill, the next start and its sweeps. */
@EnabledOnOs(OS.LINUX)
class InnocentsIT {
    private static final int RUNS = Integer.getInteger("cairn.matrix.runs", 2);

    @TempDir
    Path home;

    private Path ours;
    private Path theirs;

    @BeforeEach
    void directories() throws Exception {
        ours = Files.createDirectory(home.resolve("ours"));
        theirs = Files.createDirectory(home.resolve("theirs"));
    }

    private static HostJvm host(Path dir, String mark) throws Exception {
        HostJvm host = HostJvm.start(dir, "off", "cairn", mark, "EOF_AWARE,DEAF,DAEMON", "orphaned");
        host.await("standing");
        return host;
    }

    /** The marks a process has in its environment. */
    private static List<String> marksOf(long pid) throws Exception {
        String all = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        return List.of(all.split("\0", -1)).stream()
                .filter(entry -> entry.startsWith(Cookie.VARIABLE) || entry.startsWith(Cookie.OWNER_VARIABLE))
                .toList();
    }

    /** Empty for one that has ended meanwhile: other tests' processes come and go beside this one. */
    private static String commandLineOf(long pid) throws Exception {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException ended) {
            return "";
        }
    }

    private void endAndStartAgain(HostJvm first, String mark, boolean guardianToo) throws Exception {
        if (guardianToo) {
            first.signal("STOP");
            for (long pid : Trees.alive("_CAIRN_CHILD=")) {
                if (commandLineOf(pid)
                        .contains("cairn-guardian\0" + Cookie.VARIABLE + "=" + Cookie.installOf(ours.toRealPath()))) {
                    TestSupervisor.signal("KILL", pid);
                }
            }
        }
        first.signal("KILL");
        first.awaitExit();
        String next = Trees.mark();
        try (HostJvm second = host(ours, next)) {
            assertThat(Trees.alive(mark)).as("what the first left").isEmpty();
            second.signal("TERM");
            second.awaitExit();
        }
        assertThat(Trees.alive(next)).isEmpty();
    }

    @ParameterizedTest(name = "guardian killed too: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "A9: another user's process lives, although it carries our very marks in its arguments and environment")
    void anotherUsersProcessIsNotTouched(boolean guardianToo) throws Exception {
        assumeTrue(AnotherUser.possible(), AnotherUser.WHY_NOT);
        for (int run = 0; run < RUNS; run++) {
            String mark = Trees.mark();
            try (HostJvm host = host(ours, mark)) {
                List<String> marks = marksOf(Trees.alive(mark).get(0));
                assertThat(marks).hasSize(2);
                Process stranger = AnotherUser.start(marks);
                try {
                    endAndStartAgain(host, mark, guardianToo);
                    assertThat(stranger.isAlive())
                            .as("another user's process lives")
                            .isTrue();
                } finally {
                    stranger.destroyForcibly().waitFor();
                }
            }
        }
    }

    @ParameterizedTest(name = "guardian killed too: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("A9: the children of a second install that lives are not touched")
    void anotherInstallsChildrenAreNotTouched(boolean guardianToo) throws Exception {
        for (int run = 0; run < RUNS; run++) {
            String mark = Trees.mark();
            String others = Trees.mark();
            try (HostJvm neighbour = host(theirs, others);
                    HostJvm host = host(ours, mark)) {
                List<Long> before = Trees.alive(others);
                assertThat(before).hasSizeGreaterThanOrEqualTo(6);
                endAndStartAgain(host, mark, guardianToo);
                assertThat(neighbour.isAlive()).isTrue();
                assertThat(Trees.alive(others)).containsAll(before);
                neighbour.signal("TERM");
                neighbour.awaitExit();
            }
        }
    }
}
