package dev.cairn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the next start does to real processes that an earlier one may have left. */
@EnabledOnOs(OS.LINUX)
class ReaperTest {
    private static final String DEAD = "dead00000000";

    @TempDir
    Path dir;

    private final Platform platform = Platform.current();
    private final String install = UUID.randomUUID().toString().substring(0, 8);
    private final List<Process> started = new ArrayList<>();
    private String mark;

    @BeforeEach
    void mark() {
        mark = Trees.mark();
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Proc start(Map<String, String> marks) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", mark);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(marks);
        Process process = builder.start();
        started.add(process);
        Trees.await("it runs", 2_000, () -> Trees.alive(mark).contains(process.pid()));
        Proc proc = platform.read(process.pid());
        assertThat(proc).isNotNull();
        return proc;
    }

    private Map<String, String> marks(String of, String generation, String owner) {
        return Map.of(Cookie.VARIABLE, of + ":" + generation + ":1", Cookie.OWNER_VARIABLE, owner);
    }

    private Reaper.Report reap() throws Exception {
        return new Reaper(platform, dir, install, "now000000000").reap();
    }

    /** The file of a generation whose worker is dead, with one child. */
    private void written(long pid, long startedAt, long birthmark, String boot) throws Exception {
        Files.writeString(
                dir.resolve(DEAD + Registry.SUFFIX),
                "{\"what\":\"OWNER\",\"pid\":999999999,\"startedAt\":1,\"boot\":\"" + boot + "\"}\n"
                        + "{\"what\":\"BORN\",\"child\":1,\"pid\":" + pid + ",\"startedAt\":" + startedAt
                        + ",\"birthmark\":" + birthmark + "}\n");
    }

    private boolean lives(Proc proc) {
        Proc now = platform.read(proc.pid());
        return now != null && now.startedAt() == proc.startedAt() && !now.zombie();
    }

    @Test
    void whatCarriesTheMarkOfADeadGenerationIsEnded() throws Exception {
        Proc left = start(marks(install, DEAD, "999999999:1"));
        assertThat(reap().reaped()).extracting(Proc::pid).containsExactly(left.pid());
        assertThat(lives(left)).isFalse();
    }

    @Test
    @DisplayName("A11: a registry that is corrupt, missing or of another version hinders nothing")
    void aCorruptRegistryHindersNothing() throws Exception {
        Proc left = start(marks(install, DEAD, "999999999:1"));
        Files.write(dir.resolve(DEAD + Registry.SUFFIX), new byte[] {'{', 0, (byte) 0xff, '\n', '[', ']', '\n'});
        Files.writeString(
                dir.resolve("other" + Registry.SUFFIX), "{\"what\":\"FROM_THE_FUTURE\",\"child\":1,\"x\":{}}\n\n{}\n");
        assertThat(reap().reaped()).extracting(Proc::pid).containsExactly(left.pid());
        try (var files = Files.list(dir)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    @DisplayName("A9: a process that was given the number of an earlier child is never signalled")
    void anInnocentWithAnOldNumberIsNotTouched() throws Exception {
        for (long startedAt : new long[] {0, 1}) {
            Proc innocent = start(Map.of());
            written(innocent.pid(), startedAt, platform.birthmark(innocent.pid()), platform.bootId());
            Reaper.Report report = reap();
            assertThat(report.reaped()).isEmpty();
            assertThat(report.unproven()).isEmpty();
            assertThat(lives(innocent)).isTrue();
        }
    }

    @Test
    @DisplayName("A9: the same number and the same tick are no proof: told, not touched")
    void theSameTickIsNoProof() throws Exception {
        Proc innocent = start(Map.of());
        written(innocent.pid(), innocent.startedAt(), 12345, platform.bootId());
        Reaper.Report report = reap();
        assertThat(report.reaped()).isEmpty();
        assertThat(report.unproven()).extracting(Proc::pid).containsExactly(innocent.pid());
        assertThat(lives(innocent)).isTrue();
    }

    @Test
    void theBirthmarkIsProofWithoutAnEnvironment() throws Exception {
        Proc left = start(Map.of());
        long birthmark = platform.birthmark(left.pid());
        assumeTrue(birthmark != 0, "this kernel has no birthmarks");
        written(left.pid(), left.startedAt(), birthmark, platform.bootId());
        assertThat(reap().reaped()).extracting(Proc::pid).containsExactly(left.pid());
    }

    @Test
    void startTimesOfAnotherBootMeanNothing() throws Exception {
        Proc innocent = start(Map.of());
        written(innocent.pid(), innocent.startedAt(), platform.birthmark(innocent.pid()), "another-boot");
        assertThat(reap().reaped()).isEmpty();
        assertThat(lives(innocent)).isTrue();
    }

    @Test
    void anotherInstallationsChildrenAreNotTouched() throws Exception {
        Proc others = start(marks("other123", DEAD, "999999999:1"));
        assertThat(reap().reaped()).isEmpty();
        assertThat(lives(others)).isTrue();
    }

    @Test
    @DisplayName("A9: another user's process is never signalled, whatever marks it carries")
    void anotherUsersProcessIsNotTouched() throws Exception {
        assumeTrue(AnotherUser.possible(), AnotherUser.WHY_NOT);
        Process theirs = AnotherUser.start(
                List.of(Cookie.VARIABLE + "=" + install + ":" + DEAD + ":1", Cookie.OWNER_VARIABLE + "=999999999:1"));
        started.add(theirs);
        Reaper.Report report = reap();
        assertThat(report.reaped()).isEmpty();
        assertThat(theirs.isAlive()).isTrue();
    }

    @Test
    void theChildrenOfAWorkerThatLivesAreNotTouched() throws Exception {
        Proc me = platform.read(ProcessHandle.current().pid());
        assertThat(me).isNotNull();
        Proc theirs = start(marks(install, "alive0000000", me.pid() + ":" + me.startedAt()));
        assertThat(reap().reaped()).isEmpty();
        assertThat(lives(theirs)).isTrue();
        // Its registry says so too, and is kept for it.
        Path file = dir.resolve("alive0000000" + Registry.SUFFIX);
        Files.writeString(
                file,
                "{\"what\":\"OWNER\",\"pid\":" + me.pid() + ",\"startedAt\":" + me.startedAt() + ",\"boot\":\""
                        + platform.bootId() + "\"}\n{\"what\":\"BORN\",\"child\":1,\"pid\":" + theirs.pid()
                        + ",\"startedAt\":" + theirs.startedAt() + ",\"birthmark\":" + platform.birthmark(theirs.pid())
                        + "}\n");
        assertThat(reap().reaped()).isEmpty();
        assertThat(file).exists();
    }
}
