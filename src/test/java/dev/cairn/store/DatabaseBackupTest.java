package dev.cairn.store;

import static dev.cairn.store.StoreFixture.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.bus.NewMemory;
import dev.cairn.model.BackupReport;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseBackupTest {
    private static final int NOTES = 400;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private static NewMemory[] notes() {
        String filler = " lorem ipsum dolor sit amet".repeat(20);
        return IntStream.range(0, NOTES)
                .mapToObj(i -> note("walrus" + i + filler))
                .toArray(NewMemory[]::new);
    }

    private BackupReport backup(Path copy) {
        return new DatabaseBackup(directory.resolve("cairn.db")).to(copy);
    }

    private CairnException refused(Path copy) {
        return catchThrowableOfType(CairnException.class, () -> backup(copy));
    }

    private static long files(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    @Test
    void whatIsInTheLogAloneIsInTheCopyAndTheCopyIsAllThereIs() throws Exception {
        Path copy = elsewhere.resolve("copy.db");
        try (StoreFixture store = new StoreFixture(directory)) {
            store.save(notes());
            BackupReport report = backup(copy);
            assertThat(report).isEqualTo(new BackupReport(copy.toString(), Files.size(copy), NOTES));
            store.save(note("after the copy"));
        }
        assertThat(files(elsewhere)).isEqualTo(1);
        assertThat(Files.getPosixFilePermissions(copy)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Path restored = Files.createDirectory(elsewhere.resolve("data"));
        Files.copy(copy, restored.resolve("cairn.db"));
        try (StoreFixture store = new StoreFixture(restored)) {
            assertThat(store.number("SELECT count(*) FROM memory")).isEqualTo(NOTES);
            assertThat(store.number("SELECT count(*) FROM memory_fts WHERE memory_fts MATCH 'walrus399'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aFileThatIsThereIsLeftAlone() throws Exception {
        new StoreFixture(directory).close();
        Path copy = Files.writeString(elsewhere.resolve("copy.db"), "the user's");
        CairnException refusal = refused(copy);
        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal).hasMessageContaining("is there already");
        assertThat(copy).hasContent("the user's");
        assertThat(files(elsewhere)).isEqualTo(1);
    }

    @Test
    void aDirectoryThatIsMissingIsNamed() {
        new StoreFixture(directory).close();
        CairnException refusal = refused(elsewhere.resolve("none/copy.db"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining(elsewhere.resolve("none").toString());
    }

    @Test
    void ofADamagedDatabaseThereIsNoCopyThatLooksSound() throws Exception {
        try (StoreFixture store = new StoreFixture(directory)) {
            store.save(notes());
        }
        byte[] garbage = new byte[20 * 4_096];
        new Random(7).nextBytes(garbage);
        Path database = directory.resolve("cairn.db");
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(garbage), Files.size(database) / 2);
        }
        CairnException refusal = refused(elsewhere.resolve("copy.db"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal).hasMessageContaining("cairn doctor --repair");
        assertThat(files(elsewhere)).isZero();
    }
}
