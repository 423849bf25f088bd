package dev.cairn.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that their owner alone can look into, where the file system knows owners. Thread-safe; blocks. */
public final class OwnerOnly {
    private static final String DIRECTORY = "rwx------";
    private static final String FILE = "rw-------";

    private OwnerOnly() {}

    /** Makes the directory and those above it, if they are missing, for their owner; its permissions are set in any case. */
    public static void directory(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(directory, DIRECTORY));
        restrict(directory, DIRECTORY);
    }

    /** Takes the file, which exists, from everybody else. */
    public static void file(Path file) throws IOException {
        restrict(file, FILE);
    }

    /** Makes the file, if it is missing; its permissions are set in any case. */
    public static void ensure(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, attributes(file));
        }
        restrict(file, FILE);
    }

    /** Opens a file; one that is made by this is nobody else's from its first moment. */
    public static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
        return FileChannel.open(file, options, attributes(file));
    }

    /** A new file beside {@code file}, to be moved over it when it is complete. */
    public static Path beside(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        return Files.createTempFile(absolute.getParent(), file.getFileName().toString(), ".new", attributes(absolute));
    }

    private static FileAttribute<?>[] attributes(Path file) {
        return attributes(file, FILE);
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void restrict(Path path, String permissions) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString(permissions));
        }
    }
}
