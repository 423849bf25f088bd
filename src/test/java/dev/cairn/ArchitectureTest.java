package dev.cairn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom: the table of {@code src/site/markdown/architecture.md}. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cairn");

    private static final Map<String, List<String>> MAY_KNOW = new TreeMap<>(Map.ofEntries(
            Map.entry("model", List.of()),
            Map.entry("chain", List.of()),
            Map.entry("config", List.of()),
            Map.entry("bus", List.of("model")),
            Map.entry("process", List.of("model", "chain", "config", "bus")),
            Map.entry("mcp", List.of("process")),
            Map.entry("store", List.of("model", "bus", "config", "chain")),
            Map.entry("vector", List.of("model", "bus", "config", "process", "mcp", "chain")),
            Map.entry("privacy", List.of("model", "config")),
            Map.entry("observer", List.of("model", "bus", "config", "process", "privacy", "chain")),
            Map.entry("session", List.of("model", "bus", "config", "observer", "privacy", "chain")),
            Map.entry("search", List.of("model", "bus", "config", "process", "mcp", "chain")),
            Map.entry("context", List.of("model", "bus", "config", "chain")),
            Map.entry("http", List.of("model", "bus", "config", "mcp", "chain")),
            Map.entry("cli", List.of("bus", "config", "model"))));

    static List<String> rooms() {
        return List.copyOf(MAY_KNOW.keySet());
    }

    private static String room(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", -1);
        return parts.length > 2 ? parts[2] : "";
    }

    private static DescribedPredicate<JavaClass> inRooms(List<String> rooms) {
        return DescribedPredicate.describe(
                "in " + rooms, type -> type.getPackageName().startsWith("dev.cairn") && rooms.contains(room(type)));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomKnowsOnlyWhatTheTableSays(String room) {
        List<String> forbidden = Arrays.stream(
                        ("model chain config bus process mcp privacy store vector observer session search context http worker cli")
                                .split(" ", -1))
                .filter(other -> !other.equals(room) && !MAY_KNOW.get(room).contains(other))
                .toList();
        noClasses()
                .that(inRooms(List.of(room)))
                .should()
                .dependOnClassesThat(inRooms(forbidden))
                .check(CLASSES);
    }

    @Test
    void everyRoomIsInTheTable() {
        List<String> found = CLASSES.stream()
                .map(ArchitectureTest::room)
                .distinct()
                .filter(room -> !room.isEmpty() && !room.equals("worker"))
                .toList();
        assertThat(MAY_KNOW.keySet()).containsAll(found);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.cairn.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheStoreSpeaksSql() {
        noClasses()
                .that(DescribedPredicate.not(inRooms(List.of("store"))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.sqlite..", "io.vertx.jdbcclient..", "io.vertx.sqlclient..")
                .check(CLASSES);
    }

    @Test
    void onlyTheProcessRoomStartsProcesses() {
        noClasses()
                .that(DescribedPredicate.not(inRooms(List.of("process"))))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "start processes",
                        type -> type.getName().equals("java.lang.ProcessBuilder")
                                || type.getName().equals("java.lang.Process")))
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(ProcessHandle.class, "destroy")
                .orShould()
                .callMethod(ProcessHandle.class, "destroyForcibly")
                .check(CLASSES);
    }

    @Test
    void theModelKnowsTheJdkAlone() {
        classes()
                .that(inRooms(List.of("model")))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.cairn.model..")
                .check(CLASSES);
    }

    @Test
    void nobodyReachesIntoTheImplementationOfVertx() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..impl..")
                .check(CLASSES);
        noClasses()
                .that(DescribedPredicate.not(inRooms(List.of("worker"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..internal..")
                .because("only the worker's close hook needs it")
                .check(CLASSES);
    }
}
