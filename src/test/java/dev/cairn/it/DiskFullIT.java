package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker on a small file system of its own, which fills up. Mounting one needs root. */
class DiskFullIT {
    private static final String SIZE = "size=12m";

    @TempDir
    Path dir;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(dir.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", disk.toString()),
                "a small file system cannot be mounted here; run as root");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Fills the disk to the last byte. */
    private Path ballast() throws IOException {
        Path ballast = disk.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (int size = 1 << 20; size >= 1; size /= 2) {
                fill(out, size);
            }
        }
        return ballast;
    }

    private static void fill(OutputStream out, int size) {
        byte[] block = new byte[size];
        try {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static String prompt(int i) {
        return "{\"session_id\":\"s\",\"cwd\":\"/tmp\",\"hook_event_name\":\"UserPromptSubmit\",\"prompt_id\":\"p" + i
                + "\",\"prompt\":\"number" + i + " " + "lorem ipsum ".repeat(300) + "\"}";
    }

    @Test
    @DisplayName(
            "B5: a disk that fills up is told with 507, nothing is half-written, and it goes on when there is room")
    void aDiskThatFillsUpAndGetsRoom() throws Exception {
        Path data = Files.createDirectory(disk.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            Api api = worker.api();
            int stored = 0;
            while (stored < 20) {
                assertThat(api.post("/hooks/UserPromptSubmit", prompt(stored)).status())
                        .isEqualTo(200);
                stored++;
            }
            Path ballast = ballast();
            int refused = 0;
            Api.Answer last = api.get("/health/live");
            for (int i = 0; i < 3_000 && refused < 5; i++) {
                last = api.post("/hooks/UserPromptSubmit", prompt(stored));
                if (last.status() == 200) {
                    stored++;
                } else {
                    refused++;
                }
            }
            assertThat(last.status()).as("%s", last.body()).isEqualTo(507);
            assertThat(last.json().path("error").path("code").asText()).isEqualTo("storage_full");
            assertThat(api.get("/health")
                            .json()
                            .path("parts")
                            .path("store")
                            .path("detail")
                            .path("reason")
                            .asText())
                    .contains("full");
            assertThat(api.get("/api/stats").json().path("prompts").asInt())
                    .as("reading goes on, and nothing is there by half")
                    .isEqualTo(stored);

            Files.delete(ballast);
            assertThat(api.post("/hooks/UserPromptSubmit", prompt(stored)).status())
                    .as("without a restart")
                    .isEqualTo(200);
            stored++;
            assertThat(api.get("/api/stats").json().path("prompts").asInt()).isEqualTo(stored);
            assertThat(api.get("/health")
                            .json()
                            .path("parts")
                            .path("store")
                            .path("state")
                            .asText())
                    .isEqualTo("up");
            worker.terminate();
            worker.awaitExit();
            try (WorkerProcess again = WorkerProcess.start(data)) {
                assertThat(again.api().get("/api/stats").json().path("prompts").asInt())
                        .isEqualTo(stored);
            }
        }
    }

    @Test
    @DisplayName("B5: on a full disk it refuses to start, with one clear line")
    void aFullDiskAtTheStart() throws Exception {
        Path data = Files.createDirectory(disk.resolve("data"));
        ballast();
        assertRefused(data, "full|No space left");
    }

    @Test
    @DisplayName("B5: on a file system that is read-only it refuses to start, with one clear line")
    void aReadOnlyFileSystem() throws Exception {
        Path data = Files.createDirectory(disk.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            worker.terminate();
            worker.awaitExit();
        }
        assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
        assertRefused(data, "the data directory");
    }

    private void assertRefused(Path data, String why) throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_DATA_DIR", data.toString()), List.of())) {
            assertThat(worker.awaitExit()).isEqualTo(1);
            List<String> told = worker.errors().stream()
                    .filter(line -> line.startsWith("cairn: "))
                    .toList();
            assertThat(told).as("%s", worker.errors()).hasSize(1);
            assertThat(told.get(0)).containsPattern(why);
        }
    }
}
