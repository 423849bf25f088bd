import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies the worker's jar without the native libraries of other platforms, which are half of it: {@code java Slim.java FROM TO
 * DIRECTORY...}. A directory names what stays, as {@code org/sqlite/native/Linux/x86_64/}; libraries in the directories beside it
 * are left out. The same jar gives the same bytes.
 */
public final class Slim {
    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)");

    /** Where libraries of many platforms stand side by side. */
    private static final List<String> ROOTS = List.of("ai/onnxruntime/native/", "org/sqlite/native/", "com/sun/jna/");

    private Slim() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 3) {
            throw new IllegalArgumentException("Slim FROM TO DIRECTORY...");
        }
        List<String> kept = List.of(args).subList(2, args.length);
        Set<String> missing = new TreeSet<>(kept);
        int dropped = 0;
        try (ZipFile from = new ZipFile(args[0]);
                OutputStream file = Files.newOutputStream(Path.of(args[1]));
                ZipOutputStream to = new ZipOutputStream(file)) {
            to.setLevel(9);
            List<? extends ZipEntry> entries = new ArrayList<>(Collections.list(from.entries()));
            for (ZipEntry entry : entries) {
                String name = entry.getName();
                if (LIBRARY.matcher(name).matches()) {
                    missing.removeIf(name::startsWith);
                    if (ROOTS.stream().anyMatch(name::startsWith) && kept.stream().noneMatch(name::startsWith)) {
                        dropped++;
                        continue;
                    }
                }
                copy(from, entry, to);
            }
        }
        // A library that moved to another directory would show only when a user searches.
        if (!missing.isEmpty() || dropped == 0) {
            throw new IllegalStateException("No library in " + missing + "; left out: " + dropped);
        }
    }

    private static void copy(ZipFile from, ZipEntry entry, ZipOutputStream to) throws IOException {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setMethod(entry.getMethod());
        copy.setTimeLocal(entry.getTimeLocal());
        if (entry.getMethod() == ZipEntry.STORED) {
            copy.setSize(entry.getSize());
            copy.setCrc(entry.getCrc());
        }
        to.putNextEntry(copy);
        try (InputStream content = from.getInputStream(entry)) {
            content.transferTo(to);
        }
        to.closeEntry();
    }
}
