package dev.cairn.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as the text it was written in. Members are put in and taken out in place: every other byte stays, in its order
 * and layout, and what is put in takes on the layout around it.
 */
final class JsonText {
    private static final String DEFAULT_INDENT = "  ";

    private final String whose;
    private final List<TextEdit> edits = new ArrayList<>();
    private String text;

    private JsonText(String whose, String text) {
        this.whose = whose;
        this.text = text;
    }

    /**
     * @param whose the file, for refusals
     * @param text blank counts as an object without members
     * @throws CairnException CONFLICT when it is not one JSON object
     */
    static JsonText of(String whose, String text) {
        JsonText json = new JsonText(whose, text);
        if (text.isBlank()) {
            json.edit(new TextEdit(0, text, "{}\n"));
        }
        JsonScan.root(json.text, whose);
        return json;
    }

    String text() {
        return text;
    }

    /** What was done to the text so far, in this order. */
    List<TextEdit> edits() {
        return List.copyOf(edits);
    }

    boolean isEmptyObject() {
        return root().all().isEmpty();
    }

    /** The value at a path of names; null when there is none. */
    @Nullable
    JsonNode get(String... path) {
        JsonScan.Members object = root();
        for (int i = 0; ; i++) {
            Optional<JsonScan.Member> member = object.find(path[i]);
            if (member.isEmpty()) {
                return null;
            }
            if (i == path.length - 1) {
                return read(text.substring(member.get().value(), member.get().end()));
            }
            object = below(member.get(), path[i]);
        }
    }

    /** Puts a value at a path, with the objects above it; nothing when it is there already. */
    void set(JsonNode value, String... path) {
        if (value.equals(get(path))) {
            return;
        }
        JsonScan.Members object = root();
        int depth = 1;
        for (int i = 0; i < path.length; i++, depth++) {
            Optional<JsonScan.Member> member = object.find(path[i]);
            if (member.isEmpty()) {
                insert(object, depth, path[i], wrapped(value, List.of(path).subList(i + 1, path.length)));
                return;
            }
            if (i == path.length - 1) {
                int start = member.get().value();
                String there = text.substring(start, member.get().end());
                edit(new TextEdit(start, there, written(value, depth, there.indexOf('\n') >= 0 || isFlat(value))));
                return;
            }
            object = below(member.get(), path[i]);
        }
    }

    /** Takes out what is at a path; nothing when it is not there. */
    void remove(String... path) {
        JsonScan.Members object = root();
        for (int i = 0; i < path.length; i++) {
            Optional<JsonScan.Member> member = object.find(path[i]);
            if (member.isEmpty()) {
                return;
            }
            if (i == path.length - 1) {
                remove(object, member.get());
                return;
            }
            object = below(member.get(), path[i]);
        }
    }

    private void remove(JsonScan.Members object, JsonScan.Member member) {
        int index = object.all().indexOf(member);
        int from;
        int to;
        if (index > 0) {
            from = object.all().get(index - 1).end();
            to = member.end();
        } else if (object.all().size() > 1) {
            from = member.start();
            to = object.all().get(1).start();
        } else {
            from = object.open() + 1;
            to = object.close();
        }
        edit(new TextEdit(from, text.substring(from, to), ""));
    }

    private void insert(JsonScan.Members object, int depth, String name, JsonNode value) {
        int first = object.open() + 1;
        if (object.all().isEmpty()) {
            String lines = newline() + unit().repeat(depth) + quoted(name) + ": " + written(value, depth, true)
                    + newline() + unit().repeat(depth - 1);
            edit(new TextEdit(first, text.substring(first, object.close()), lines));
            return;
        }
        JsonScan.Member last = object.all().get(object.all().size() - 1);
        String before = text.substring(first, object.all().get(0).start());
        boolean onLines = before.indexOf('\n') >= 0;
        String gap = onLines ? newline() + before.substring(before.lastIndexOf('\n') + 1) : " ";
        edit(new TextEdit(last.end(), "", "," + gap + quoted(name) + ": " + written(value, depth, onLines)));
    }

    private JsonScan.Members root() {
        return JsonScan.root(text, whose);
    }

    private JsonScan.Members below(JsonScan.Member member, String name) {
        if (text.charAt(member.value()) != '{') {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    whose + ": " + name + " is not an object and stays as it is; mend it and try again");
        }
        return JsonScan.object(text, member.value());
    }

    private void edit(TextEdit edit) {
        text = edit.applied(text);
        edits.add(edit);
    }

    private String newline() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** By how much the first member of all is indented. */
    private String unit() {
        JsonScan.Members root = root();
        if (root.all().isEmpty()) {
            return DEFAULT_INDENT;
        }
        String before = text.substring(root.open() + 1, root.all().get(0).start());
        int line = before.lastIndexOf('\n');
        String indent = line < 0 ? "" : before.substring(line + 1);
        return indent.isEmpty() ? DEFAULT_INDENT : indent;
    }

    private static boolean isFlat(JsonNode value) {
        return !value.isContainerNode();
    }

    private static JsonNode wrapped(JsonNode value, List<String> names) {
        JsonNode wrapped = value;
        for (int i = names.size() - 1; i >= 0; i--) {
            ObjectNode object = WireFormat.mapper().createObjectNode();
            object.set(names.get(i), wrapped);
            wrapped = object;
        }
        return wrapped;
    }

    /** Objects over lines where the text around has lines; all else in one. */
    private String written(JsonNode value, int depth, boolean onLines) {
        if (!value.isObject() || value.isEmpty()) {
            return value.toString();
        }
        StringBuilder written = new StringBuilder("{");
        for (Iterator<Map.Entry<String, JsonNode>> members = value.fields(); members.hasNext(); ) {
            Map.Entry<String, JsonNode> member = members.next();
            written.append(onLines ? newline() + unit().repeat(depth + 1) : " ")
                    .append(quoted(member.getKey()))
                    .append(": ")
                    .append(written(member.getValue(), depth + 1, onLines))
                    .append(members.hasNext() ? "," : "");
        }
        return written.append(onLines ? newline() + unit().repeat(depth) : " ")
                .append('}')
                .toString();
    }

    private static String quoted(String text) {
        return WireFormat.mapper().getNodeFactory().textNode(text).toString();
    }

    private static JsonNode read(String json) {
        try {
            return WireFormat.mapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
