package dev.cairn.vector.embed;

import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;

/**
 * Files of the worker's jar that others need as files. They are kept from start to start, and looked at each time whether
 * they are still what the jar has. All methods block.
 */
final class Unpacked {
    private static final int CHUNK = 1 << 16;
    /** No unpacking takes so long: what is older was left by a worker that was killed. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private record Expected(long size, long crc) {}

    private Unpacked() {}

    /**
     * The file of a resource, in the given directory, which is made.
     *
     * @param resource its absolute name
     * @throws NoSuchFileException when there is no such resource
     */
    static Path resource(String resource, Path directory) throws IOException {
        URL url = Unpacked.class.getResource(resource);
        if (url == null) {
            throw new NoSuchFileException(resource);
        }
        OwnerOnly.directory(directory);
        Path file = directory.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        Expected expected = expected(url);
        if (Files.isRegularFile(file) && Files.size(file) == expected.size() && crc(file) == expected.crc()) {
            return file;
        }
        removeAbandoned(directory);
        Path fresh = OwnerOnly.beside(file);
        try {
            try (InputStream in = open(url).getInputStream()) {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
            OwnerOnly.file(fresh);
            if (crc(fresh) != expected.crc()) {
                throw new IOException(fresh + " was not written as it should be; is the disk full?");
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return file;
    }

    /** From the jar's directory, which knows both without unpacking; from the bytes when it is not in a jar. */
    private static Expected expected(URL url) throws IOException {
        URLConnection connection = open(url);
        if (connection instanceof JarURLConnection jar) {
            try (JarFile file = jar.getJarFile()) {
                ZipEntry entry = file.getEntry(jar.getEntryName());
                return new Expected(entry.getSize(), entry.getCrc());
            }
        }
        try (CheckedInputStream counted = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            return new Expected(
                    counted.skip(Long.MAX_VALUE), counted.getChecksum().getValue());
        }
    }

    /** One that leaves no jar open behind it. */
    private static URLConnection open(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        return connection;
    }

    private static long crc(Path file) throws IOException {
        CRC32 crc = new CRC32();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                crc.update(chunk, 0, count);
            }
        }
        return crc.getValue();
    }

    private static void removeAbandoned(Path directory) throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*.new")) {
            for (Path each : left) {
                if (isOlder(each, limit)) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static boolean isOlder(Path file, FileTime limit) throws IOException {
        try {
            return Files.getLastModifiedTime(file).compareTo(limit) < 0;
        } catch (NoSuchFileException e) {
            // Another worker has removed it.
            return false;
        }
    }
}
