package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import java.util.ArrayList;
import java.util.List;

/** Ids as the contract lets them be written: numbers, numbers in texts, {@code "1,2"}, {@code #12}, {@code S12}. */
final class Ids {
    private Ids() {}

    static List<Long> of(Fields fields, String name, int max) {
        JsonNode value = fields.raw(name);
        if (value == null) {
            throw CairnException.invalid(name, name + " is missing; give a list of ids");
        }
        List<Long> ids = new ArrayList<>();
        if (value.isTextual()) {
            for (String part : value.textValue().split(",", max + 1)) {
                ids.add(id(name, part));
            }
        } else {
            for (Fields.Item item : fields.items(name, max)) {
                ids.add(id(item.path(), item.value().asText()));
            }
        }
        if (ids.size() > max) {
            throw CairnException.invalid(name, name + " has more than " + max + " items; ask for fewer at once");
        }
        return ids;
    }

    static long id(String field, String text) {
        String digits = text.strip().replaceFirst("^#?[SPsp]?", "");
        if (!digits.matches("[1-9]\\d{0,17}")) {
            throw SessionDoors.noNumber(field, dev.cairn.bus.Parameters.shown(text));
        }
        return Long.parseLong(digits);
    }
}
