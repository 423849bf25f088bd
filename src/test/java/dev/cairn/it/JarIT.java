package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is given to people as one jar. */
class JarIT {
    private static final Pattern BUILT_BY_MAVEN = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.xml");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>(.*?)</dependency>",
            Pattern.DOTALL);

    private static String text(JarFile jar, String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        assertThat(entry).as(name).isNotNull();
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("the jar names the licence of everything in it, and has the texts that have to go with it")
    void everyPartHasItsLicence() throws Exception {
        try (JarFile jar = new JarFile(WorkerProcess.JAR.toFile())) {
            TreeSet<String> parts = new TreeSet<>();
            jar.stream()
                    .map(entry -> BUILT_BY_MAVEN.matcher(entry.getName()))
                    .filter(Matcher::matches)
                    .forEach(found -> parts.add(found.group(1) + ":" + found.group(2)));
            // What Gradle built does not say its name in the jar.
            String pom = Files.readString(Path.of("pom.xml")).replaceAll("(?s)<!--.*?-->", "");
            Matcher dependency = DEPENDENCY.matcher(pom);
            while (dependency.find()) {
                if (!dependency.group(3).contains("<scope>")) {
                    parts.add(dependency.group(1) + ":" + dependency.group(2));
                }
            }
            parts.remove("dev.cairn:cairn");
            assertThat(parts).contains("io.vertx:vertx-core", "info.picocli:picocli", "org.commonmark:commonmark");

            List<String> listed =
                    text(jar, "META-INF/cairn/THIRD-PARTY.txt").lines().toList();
            assertThat(parts)
                    .allSatisfy(part -> assertThat(listed)
                            .as("a line for it in META-INF/cairn/THIRD-PARTY.txt")
                            .anyMatch(line -> line.startsWith(part + " ")
                                    || line.startsWith(part.substring(0, part.indexOf(':')) + ":* ")));
            assertThat(text(jar, "META-INF/LICENSE")).isEqualTo(Files.readString(Path.of("LICENSE")));
            for (String line : listed) {
                Matcher path = Pattern.compile("\\b(META-INF/[\\w./-]+[\\w]|[\\w-]+\\.txt)(?=[;, ]|$)")
                        .matcher(line);
                while (path.find()) {
                    text(jar, path.group(1));
                }
            }
        }
    }
}
