package dev.cairn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A log that is read while it grows, across its rotation: the old file is read to its end before the new one is opened. */
final class LogFile implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final Path path;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[CHUNK];
    private @Nullable RandomAccessFile file;
    private @Nullable Object key;

    LogFile(Path path) {
        this.path = path;
    }

    /** All lines of a file that grows no more. */
    static Stream<String> lines(Path file) throws IOException {
        // Not Files.lines: a byte that is no UTF-8 must not end the reading.
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
    }

    /**
     * Reads what is new.
     *
     * @return whether there was anything
     */
    boolean read(Consumer<String> sink) throws IOException {
        Object now = keyOf(path);
        boolean some = false;
        if (file != null) {
            some = drain(file, sink);
            if (now != null && !now.equals(key)) {
                // Rotated: what was written up to then is read, and nothing more comes here.
                some |= drain(file, sink);
                file.close();
                file = null;
            } else if (file.length() < file.getFilePointer()) {
                file.seek(0);
            }
        }
        if (file == null && now != null) {
            file = new RandomAccessFile(path.toFile(), "r");
            key = Objects.requireNonNullElse(keyOf(path), now);
            some |= drain(file, sink);
        }
        return some;
    }

    private boolean drain(RandomAccessFile from, Consumer<String> sink) throws IOException {
        boolean some = false;
        for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
            some = true;
            int begin = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[i] == '\n') {
                    partial.write(buffer, begin, i - begin);
                    sink.accept(partial.toString(StandardCharsets.UTF_8));
                    partial.reset();
                    begin = i + 1;
                }
            }
            partial.write(buffer, begin, length - begin);
        }
        return some;
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Object key = attributes.fileKey();
            return key != null ? key : attributes.creationTime();
        } catch (NoSuchFileException e) {
            // Between the two steps of a rotation, or before the first start.
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
