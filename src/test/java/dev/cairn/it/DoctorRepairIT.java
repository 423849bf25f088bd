package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn doctor --repair} on a worker's database that is really damaged, until the worker serves it again. */
class DoctorRepairIT {
    private static final int MEMORIES = 400;
    private static final int PAGE = 4_096;
    private static final String ASIDE = "the damaged file was put aside as ";

    @TempDir
    Path dir;

    private Path database;

    @BeforeEach
    void fill() throws Exception {
        database = dir.resolve("cairn.db");
        String filler = " lorem ipsum dolor sit amet".repeat(20);
        StringBuilder memories = new StringBuilder();
        for (int i = 0; i < MEMORIES; i++) {
            memories.append(i == 0 ? "[" : ",")
                    .append("{\"text\":\"walrus")
                    .append(i)
                    .append(filler)
                    .append("\",\"project\":\"zoo\"}");
        }
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api()
                            .post("/api/memories", memories.append(']').toString())
                            .status())
                    .isEqualTo(201);
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    private void garbage(long at, int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    /** How it ended, and its standard output. */
    private record Doctor(int exitCode, String output) {}

    private Doctor doctor(String option) throws Exception {
        try (WorkerProcess doctor = WorkerProcess.launch(dir, Map.of(), List.of("doctor", option))) {
            int exitCode = doctor.awaitExit();
            return new Doctor(exitCode, String.join("\n", doctor.output()));
        }
    }

    /** Repairs, and looks whether the damaged file was kept as it was. */
    private Doctor repaired() throws Exception {
        byte[] damaged = Files.readAllBytes(database);
        Doctor check = doctor("--database");
        assertThat(check.output()).endsWith("stop the worker and run 'cairn doctor --repair'");
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(Files.readAllBytes(database)).as("a look changes nothing").isEqualTo(damaged);

        Doctor repair = doctor("--repair");
        assertThat(repair.exitCode()).as(repair.output()).isZero();
        assertThat(repair.output()).contains(ASIDE);
        Path aside = Path.of(repair.output().substring(repair.output().lastIndexOf(ASIDE) + ASIDE.length()));
        assertThat(Files.readAllBytes(aside)).isEqualTo(damaged);
        assertThat(Files.getPosixFilePermissions(aside)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(doctor("--database")).isEqualTo(new Doctor(0, "the database is sound"));
        return repair;
    }

    @Test
    void aWorkerThatRefusesADamagedBeginServesEverythingAfterTheRepair() throws Exception {
        garbage(0, 100);
        try (WorkerProcess refusing = WorkerProcess.launch(dir, Map.of(), List.of())) {
            assertThat(refusing.awaitExit()).isNotZero();
            assertThat(refusing.errors()).anyMatch(line -> line.contains("cairn doctor --repair"));
        }
        assertThat(repaired().output()).containsPattern("memory +" + MEMORIES + " +0\n");
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            for (int i : List.of(0, MEMORIES / 2, MEMORIES - 1)) {
                assertThat(api.get("/api/search?query=walrus" + i)
                                .json()
                                .path("total")
                                .asInt())
                        .isEqualTo(1);
            }
            assertThat(api.get("/api/stats").json().path("observations").asInt())
                    .isEqualTo(MEMORIES);
        }
    }

    @Test
    void pagesThatAreGarbageCostWhatStoodThereAndTheWorkerFindsTheRest() throws Exception {
        // In the middle, where the memories' own rows are.
        garbage(Files.size(database) / PAGE / 2 * PAGE, 6 * PAGE);
        repaired();
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            JsonNode found = api.get("/api/search?query=lorem").json();
            int left = api.get("/api/stats").json().path("observations").asInt();
            assertThat(left).isBetween(MEMORIES / 2, MEMORIES - 1);
            assertThat(found.path("total").asInt())
                    .as("all that is left can be found")
                    .isEqualTo(left);
            assertThat(api.post("/api/memories", "{\"text\":\"life goes on\",\"project\":\"zoo\"}")
                            .status())
                    .isEqualTo(201);
        }
    }
}
