package dev.cairn.cli;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a command's arguments into its annotated fields. Small on purpose: a library for this would take longer to load than most
 * commands take to run.
 */
final class Arguments {
    /** A field with what its annotation says. */
    record Named(Field field, Option option) {}

    /** The same for what is no option. */
    record Placed(Field field, Parameters parameters) {}

    private final WorkerCommand command;
    private final List<Named> options = new ArrayList<>();
    private final List<Placed> places = new ArrayList<>();
    private final Map<String, Named> byName = new TreeMap<>();

    Arguments(WorkerCommand command) {
        this.command = command;
        for (Class<?> type = command.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Option option = field.getAnnotation(Option.class);
                Parameters parameters = field.getAnnotation(Parameters.class);
                if (option != null) {
                    options.add(new Named(field, option));
                } else if (parameters != null) {
                    places.add(new Placed(field, parameters));
                }
            }
        }
        for (Named named : options) {
            for (String name : named.option().names()) {
                byName.put(name, named);
            }
        }
        places.sort(Comparator.comparingInt(placed -> placed.parameters().index()));
    }

    List<Named> options() {
        return options;
    }

    List<Placed> places() {
        return places;
    }

    /**
     * Sets the command's fields.
     *
     * @throws UsageException when the arguments do not fit
     */
    void read(List<String> arguments) {
        List<String> rest = new ArrayList<>();
        Set<Field> given = new HashSet<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                rest.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (!argument.startsWith("-") || argument.equals("-")) {
                rest.add(argument);
                continue;
            }
            i += option(argument, arguments.subList(i + 1, arguments.size()), given);
        }
        for (Named named : options) {
            if (named.option().required() && !given.contains(named.field())) {
                throw new UsageException(longest(named) + " is missing");
            }
        }
        place(rest);
    }

    /** @return how many of the following arguments were its value */
    private int option(String argument, List<String> following, Set<Field> given) {
        Named named = byName.get(argument);
        if (named != null) {
            given.add(named.field());
            if (isFlag(named.field())) {
                set(named.field(), true);
                return 0;
            }
            if (following.isEmpty()) {
                throw new UsageException(argument + " needs a value");
            }
            put(named.field(), argument, following.get(0));
            return 1;
        }
        int equals = argument.indexOf('=');
        Named before = equals < 0 ? null : byName.get(argument.substring(0, equals));
        if (before != null && !isFlag(before.field())) {
            given.add(before.field());
            put(before.field(), argument.substring(0, equals), argument.substring(equals + 1));
            return 0;
        }
        Named letter = argument.startsWith("--") ? null : byName.get(argument.substring(0, 2));
        if (letter == null) {
            throw new UsageException("unknown option " + argument);
        }
        // Letters in one word: -fn20 is -f -n 20.
        given.add(letter.field());
        if (isFlag(letter.field())) {
            set(letter.field(), true);
            return option("-" + argument.substring(2), following, given);
        }
        put(letter.field(), argument.substring(0, 2), argument.substring(2));
        return 0;
    }

    private void place(List<String> rest) {
        int next = 0;
        for (Placed placed : places) {
            String label = placed.parameters().paramLabel();
            if (next == rest.size()) {
                if (placed.parameters().required()) {
                    throw new UsageException(label + " is missing");
                }
                continue;
            }
            if (placed.field().getType() == List.class) {
                List<Object> values = new ArrayList<>();
                for (; next < rest.size(); next++) {
                    values.add(converted(itemType(placed.field()), label, rest.get(next)));
                }
                set(placed.field(), values);
            } else {
                set(placed.field(), converted(placed.field().getType(), label, rest.get(next++)));
            }
        }
        if (next < rest.size()) {
            throw new UsageException("'" + rest.get(next) + "' is one argument too many");
        }
    }

    private void put(Field field, String name, String text) {
        if (field.getType() != List.class) {
            set(field, converted(field.getType(), name, text));
            return;
        }
        List<Object> values = new ArrayList<>();
        try {
            values.addAll((List<?>) field.get(command));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        values.add(converted(itemType(field), name, text));
        set(field, values);
    }

    private static Object converted(Type type, String name, String text) {
        if (type == Path.class) {
            return Path.of(text);
        }
        if (type == int.class || type == Integer.class || type == Long.class) {
            try {
                return type == Long.class ? (Object) Long.valueOf(text) : (Object) Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw new UsageException(name + " must be a whole number, not '" + text + "'");
            }
        }
        return text;
    }

    private static Type itemType(Field field) {
        return ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    }

    static boolean isFlag(Field field) {
        return field.getType() == boolean.class;
    }

    private static String longest(Named named) {
        String[] names = named.option().names();
        return names[names.length - 1];
    }

    private void set(Field field, Object value) {
        try {
            field.set(command, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
