package dev.cairn.worker;

import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The worker's loaded classes, kept in the data directory for its next start (class-data sharing). The JVM writes the file when
 * the first worker of a version ends, its header last, and refuses by itself one that does not fit: at worst a start is slower.
 */
final class ClassArchive {
    private static final String PREFIX = "worker-";
    private static final String SUFFIX = ".jsa";

    private ClassArchive() {}

    /**
     * The JVM's options for a worker in the background.
     *
     * @param jar the class path
     */
    static List<String> options(Path dataDir, String jar) {
        // The JVM speaks of archives on standard output, which is the ready line's.
        List<String> quiet = List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr");
        Path cache = dataDir.resolve("cache");
        try {
            Path file = cache.resolve(name(Path.of(jar)));
            if (isComplete(file)) {
                return with("-XX:SharedArchiveFile=" + file, quiet);
            }
            OwnerOnly.directory(cache);
            try (DirectoryStream<Path> old = Files.newDirectoryStream(cache, PREFIX + "*" + SUFFIX)) {
                for (Path path : old) {
                    Files.delete(path);
                }
            }
            return with("-XX:ArchiveClassesAtExit=" + file, quiet);
        } catch (IOException e) {
            // A directory that cannot be written or a class path that is no jar: the worker starts as any other JVM
            // does.
            return quiet;
        }
    }

    private static List<String> with(String option, List<String> others) {
        return Stream.concat(Stream.of(option), others.stream()).toList();
    }

    /** One for each build of the jar and each JVM. */
    private static String name(Path jar) throws IOException {
        String build = Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
        String vm = System.getProperty("java.vm.version", "").replaceAll("[^A-Za-z0-9.]", "-");
        return PREFIX + build + "-" + vm + SUFFIX;
    }

    /** A JVM that was killed while it wrote the file left its beginning empty. */
    private static boolean isComplete(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return false;
        }
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
            return opened.length() > Integer.BYTES && opened.readInt() != 0;
        }
    }
}
