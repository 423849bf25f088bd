package dev.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The contract's page is made from the addresses, the records and what their source says of each field:
 * {@code mvn test -Dtest=BusContractTest -Dcairn.docs.write=true}.
 */
class BusContractTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "event-bus-contract.md");
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Whoever may send to the bus may use these; the rest is between the worker's rooms, and may change. */
    private static final List<String> PUBLIC =
            List.of("cairn.session.", "cairn.search.", "cairn.context.", "cairn.process.", Addresses.EVENTS);

    private static final Pattern PARAM =
            Pattern.compile("@param (\\w+)\\s+(.*?)(?=\\n \\* @|\\n \\*/)", Pattern.DOTALL);
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:/\\*\\*((?:(?!\\*/).)*)\\*/\\s*)?public static final Address<[^>]*> (\\w+)", Pattern.DOTALL);

    private final Map<String, Class<?>> types = new TreeMap<>();

    private static Map<String, Address<?, ?>> addresses() throws IllegalAccessException {
        Map<String, Address<?, ?>> addresses = new LinkedHashMap<>();
        for (var field : Addresses.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Address.class) {
                addresses.put(field.getName(), (Address<?, ?>) field.get(null));
            }
        }
        return addresses;
    }

    private String page() throws Exception {
        String client = source(MemoryClient.class);
        Map<String, String> comments = new TreeMap<>();
        Matcher found = ADDRESS.matcher(source(Addresses.class));
        while (found.find()) {
            comments.put(found.group(2), plain(found.group(1) == null ? "" : found.group(1), Addresses.class));
        }
        StringBuilder requests = new StringBuilder();
        StringBuilder events = new StringBuilder();
        List<String> rooms = new ArrayList<>();
        for (var entry : addresses().entrySet()) {
            Address<?, ?> address = entry.getValue();
            boolean open = PUBLIC.stream().anyMatch(address.name()::startsWith)
                    || client.contains("Addresses." + entry.getKey() + ",");
            String comment = comments.getOrDefault(entry.getKey(), "");
            if (!open) {
                rooms.add("`" + address.name() + "`");
            } else if (address.name().startsWith(Addresses.EVENTS)) {
                events.append(row("`" + address.name() + "`", linked(address.request()), comment));
            } else {
                requests.append(row(
                        "`" + address.name() + "`",
                        linked(address.request()) + " → " + linked(address.reply()),
                        comment));
            }
        }
        StringBuilder page = new StringBuilder("""
                # Event bus contract

                Made from the source by `mvn test -Dtest=BusContractTest -Dcairn.docs.write=true`. How to use it from Java:
                [Event bus](event-bus.md).

                In the worker's own JVM records travel by reference; between the JVMs of a cluster as JSON in UTF-8. Fields that are null are
                left out, unknown ones are ignored, a missing one that is required is refused by its name.

                ## Requests

                | Address | Request → reply | |
                |---|---|---|
                """)
                .append(requests)
                .append("""

                ## Events

                Published after the commit, to whoever listens then.

                | Address | Record | |
                |---|---|---|
                """)
                .append(events)
                .append("\n## Records\n");
        List<String> done = new ArrayList<>();
        while (done.size() < types.size()) {
            for (var type : Map.copyOf(types).entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .toList()) {
                if (!done.contains(type.getKey())) {
                    done.add(type.getKey());
                    tables.put(type.getKey(), table(type.getValue()));
                }
            }
        }
        tables.values().forEach(page::append);
        return page.append("\n## Between the worker's own rooms\n\nNot part of the contract: ")
                .append(String.join(", ", rooms))
                .append(", `cairn.health.*`.\n")
                .toString();
    }

    private final Map<String, String> tables = new TreeMap<>();

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private String table(Class<?> type) throws IOException {
        StringBuilder table =
                new StringBuilder("\n### ").append(type.getSimpleName()).append("\n\n");
        if (type.isEnum()) {
            return table.append("One of ")
                    .append(Arrays.stream(type.getEnumConstants())
                            .map(constant -> "`" + constant + "`")
                            .collect(Collectors.joining(", ")))
                    .append(".\n")
                    .toString();
        }
        RecordComponent[] fields = type.getRecordComponents();
        if (fields.length == 0) {
            return table.append("No fields.\n").toString();
        }
        Map<String, String> meanings = new TreeMap<>();
        Matcher params = PARAM.matcher(source(type));
        while (params.find()) {
            meanings.putIfAbsent(params.group(1), plain(params.group(2), type));
        }
        table.append("| Field | Type | Required | |\n|---|---|---|---|\n");
        for (RecordComponent field : fields) {
            boolean optional = field.getAnnotatedType().isAnnotationPresent(Nullable.class);
            table.append(row(
                    "`" + field.getName() + "`",
                    named(field.getGenericType()),
                    optional ? "" : "yes",
                    meanings.getOrDefault(field.getName(), "")));
        }
        return table.toString();
    }

    private String named(Type type) {
        if (type instanceof ParameterizedType generic) {
            String parts = Arrays.stream(generic.getActualTypeArguments())
                    .map(this::named)
                    .collect(Collectors.joining(" to "));
            return (generic.getRawType() == List.class ? "list of " : "object, ") + parts;
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return "text";
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return "true or false";
        }
        if (plain.isRecord() || plain.isEnum()) {
            return linked(plain);
        }
        return plain == double.class || plain == Double.class ? "number" : "whole number";
    }

    private String linked(Class<?> type) {
        types.put(type.getSimpleName(), type);
        return "[" + type.getSimpleName() + "](#" + type.getSimpleName().toLowerCase(java.util.Locale.ROOT) + ")";
    }

    private static String source(Class<?> type) throws IOException {
        Class<?> outer = type.getNestHost();
        return Files.readString(SOURCES.resolve(outer.getName().replace('.', '/') + ".java"));
    }

    private static String plain(String javadoc, Class<?> type) {
        String text =
                javadoc.replaceAll("\\n\\s*\\*", "\n").replaceAll("\\s+", " ").strip();
        Matcher value = Pattern.compile("\\{@value #(\\w+)}").matcher(text);
        text = value.replaceAll(constant -> constantOf(type, constant.group(1)));
        return text.replaceAll("\\{@(?:code|link) #?([^}]*)}", "`$1`").replace("|", "\\|");
    }

    private static String constantOf(Class<?> type, String name) {
        try {
            return String.valueOf(type.getField(name).get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void thePageIsWhatTheRecordsSay() throws Exception {
        String page = page();
        if (Boolean.getBoolean("cairn.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
        assertThat(page).contains("cairn.event.observation", "### SearchHit", "list of [SearchHit]");
    }
}
