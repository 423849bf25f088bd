package dev.cairn.cli.install;

import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file before and after. Links are followed: what they point at is changed, they stay.
 *
 * @param before what is in it now; null when it is not there
 * @param after what will be in it; null when it will not be there
 */
public record Change(
        Path file, @Nullable String before, @Nullable String after) {
    /**
     * What is in a file of text.
     *
     * @return null when there is no such file
     * @throws CairnException CONFLICT when it is no text in UTF-8
     */
    public static @Nullable String read(Path file) throws IOException {
        if (!Files.exists(file)) {
            if (Files.isSymbolicLink(file)) {
                throw new CairnException(
                        ErrorCode.CONFLICT, file + " is a link to nothing; remove it or make what it points at");
            }
            return null;
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new CairnException(ErrorCode.CONFLICT, file + " is not text in UTF-8", null, e);
        }
    }

    /** A change of a file from what is in it now. */
    public static Change of(Path file, @Nullable String after) throws IOException {
        return new Change(file, read(file), after);
    }

    boolean changesNothing() {
        return Objects.equals(before, after);
    }

    Change reversed() {
        return new Change(file, after, before);
    }

    /** @throws CairnException CONFLICT when the file is no longer what the plan was made from */
    void apply() throws IOException {
        if (!Objects.equals(read(file), before)) {
            throw new CairnException(ErrorCode.CONFLICT, file + " was changed meanwhile; run the command again");
        }
        Path real = before == null ? file.toAbsolutePath() : file.toRealPath();
        if (after == null) {
            Files.delete(real);
            return;
        }
        Path fresh = OwnerOnly.beside(real);
        try {
            try (FileChannel channel = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(after);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (before != null) {
                keepPermissions(real, fresh);
            }
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void keepPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView there = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        PosixFileAttributeView here = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (there != null && here != null) {
            here.setPermissions(there.readAttributes().permissions());
        }
    }
}
