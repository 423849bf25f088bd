package dev.cairn.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where the machine has no control groups for us there is none, and nothing is left either. */
@EnabledOnOs(OS.LINUX)
class CgroupTest {
    private static final String INSTALL = "0a0b0c0d";

    @Test
    @DisplayName(
            "A2: a worker killed before its first child leaves no group behind; with a child there is one, until the end")
    void isMadeWithTheFirstChild() throws Exception {
        Cgroup group = Cgroup.create(INSTALL, "1");
        if (group != null) {
            assertThat(group.directory()).doesNotExist();
            group.end();

            Cgroup child = group.within(7);
            Path members = child.members();
            assertThat(members).exists();
            assertThat(child.pids()).isEmpty();
            group.within(8);
            assertThat(Files.isDirectory(group.directory().resolve("8"))).isTrue();
            group.end();
            assertThat(group.directory()).doesNotExist();
        }
        assertThat(Cgroup.leftBy(INSTALL, "")).isEmpty();
    }
}
