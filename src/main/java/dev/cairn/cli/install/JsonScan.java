package dev.cairn.cli.install;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the members of objects stand in a text that is known to be one JSON object. */
final class JsonScan {
    private static final JsonFactory STRICT = new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    /** Some editors begin a file with it; JSON begins after it. */
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** An object: its braces, and what is between them. Positions are of the first unit and behind the last one. */
    record Members(int open, int close, List<Member> all) {
        Optional<Member> find(String name) {
            return all.stream().filter(member -> member.name().equals(name)).findFirst();
        }
    }

    record Member(String name, int start, int value, int end) {}

    private final String text;
    private int at;

    private JsonScan(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /**
     * The outermost object of a text.
     *
     * @param whose for the refusal: the file
     * @throws CairnException CONFLICT when the text is not one JSON object, or names a member twice
     */
    static Members root(String text, String whose) {
        int begin = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        try (JsonParser parser = STRICT.createParser(text.substring(begin))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refusal(whose, "it is not an object", null);
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw refusal(whose, "something stands behind its end", null);
            }
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            " (line %d, column %d)",
                            e.getLocation().getLineNr(),
                            e.getLocation().getColumnNr());
            throw refusal(whose, e.getOriginalMessage() + where, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return object(text, begin);
    }

    private static CairnException refusal(
            String whose, String why, @org.jspecify.annotations.Nullable Exception cause) {
        return new CairnException(
                ErrorCode.CONFLICT,
                whose + " is not valid JSON and stays as it is: " + why + "; mend it and try again",
                null,
                cause);
    }

    /** The object that begins at the position, blanks apart. */
    static Members object(String text, int from) {
        JsonScan scan = new JsonScan(text, from);
        scan.blanks();
        return scan.members();
    }

    private Members members() {
        int open = at++;
        List<Member> members = new ArrayList<>();
        for (blanks(); text.charAt(at) != '}'; blanks()) {
            if (text.charAt(at) == ',') {
                at++;
                blanks();
            }
            int start = at;
            string();
            String name = unquoted(text.substring(start, at));
            blanks();
            at++;
            blanks();
            int value = at;
            value();
            members.add(new Member(name, start, value, at));
        }
        return new Members(open, at++, members);
    }

    private void value() {
        char c = text.charAt(at);
        if (c == '"') {
            string();
        } else if (c == '{' || c == '[') {
            int depth = 0;
            do {
                c = text.charAt(at);
                if (c == '"') {
                    string();
                    continue;
                }
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
            } while (depth > 0);
        } else {
            while (",]}".indexOf(text.charAt(at)) < 0 && !blank(text.charAt(at))) {
                at++;
            }
        }
    }

    private void string() {
        for (at++; text.charAt(at) != '"'; at++) {
            at += text.charAt(at) == '\\' ? 1 : 0;
        }
        at++;
    }

    private void blanks() {
        while (blank(text.charAt(at))) {
            at++;
        }
    }

    static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static String unquoted(String json) {
        try (JsonParser parser = STRICT.createParser(json)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
