import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Collects what the libraries on a class path say of their licences: {@code java Licences.java CLASS-PATH-FILE DIRECTORY} makes a
 * directory for each jar that has such texts, named after it.
 */
public final class Licences {
    private static final Pattern TEXT = Pattern.compile(
            "(.*/)?(LICEN[CS]ES?|NOTICE|COPYING|COPYRIGHT|AL2\\.0|LGPL2\\.1|ThirdPartyNotices|THIRD[-_ ]PARTY[^/]*)"
                    + "([-.][^/]*)?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CODE = Pattern.compile(".*\\.(class|java|js|mjs|json|xml)", Pattern.CASE_INSENSITIVE);

    private Licences() {}

    public static void main(String[] args) throws IOException {
        String classPath = Files.readString(Path.of(args[0])).strip();
        Path to = Path.of(args[1]);
        List<Path> jars = Arrays.stream(classPath.split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .sorted(Comparator.comparing(path -> path.getFileName().toString()))
                .toList();
        int texts = 0;
        for (Path jar : jars) {
            texts += collect(jar, to);
        }
        if (texts == 0) {
            throw new IllegalStateException("No licence in any of " + jars.size() + " jars");
        }
    }

    private static int collect(Path jar, Path to) throws IOException {
        String name = jar.getFileName().toString();
        Path directory = to.resolve(name.substring(0, name.length() - ".jar".length()));
        int texts = 0;
        try (ZipFile opened = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(opened.entries())) {
                String path = entry.getName();
                if (entry.isDirectory()
                        || !TEXT.matcher(path).matches()
                        || CODE.matcher(path).matches()) {
                    continue;
                }
                Files.createDirectories(directory);
                // META-INF/LICENSE and LICENSE of one jar both stay.
                Path text = directory.resolve(path.replace('/', '-'));
                try (InputStream content = opened.getInputStream(entry)) {
                    Files.copy(content, text);
                }
                texts++;
            }
        }
        return texts;
    }
}
