package dev.cairn.bus;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What another memory called a record that was imported from it: {@code claude-mem:observation:12}.
 *
 * @param memory the other memory's name: 1 to 32 lower-case letters, digits and hyphens
 * @param kind {@link #SESSION}, {@link #PROMPT}, {@link #OBSERVATION}, {@link #SUMMARY} or {@link #TOOL_USE}
 * @param id as it has it: 1 to 64 letters, digits, dots, hyphens and underscores
 */
public record Origin(String memory, String kind, String id) {
    public static final String SESSION = "session";
    public static final String PROMPT = "prompt";
    public static final String OBSERVATION = "observation";
    public static final String SUMMARY = "summary";
    public static final String TOOL_USE = "tool-use";

    private static final Pattern FULL =
            Pattern.compile("([a-z0-9-]{1,32}):(session|prompt|observation|summary|tool-use):([A-Za-z0-9._-]{1,64})");
    /** As people know ids: 12 an observation, S12 a summary, P12 a prompt, T12 a tool use. */
    private static final Pattern SHORT = Pattern.compile("([a-z0-9-]{1,32}):([SPT]?)([0-9]{1,19})");

    /** The origin that the text writes in full; null when it writes none. */
    public static @Nullable Origin read(String text) {
        Matcher full = FULL.matcher(text);
        return full.matches() ? new Origin(full.group(1), full.group(2), full.group(3)) : null;
    }

    /** The same, also of the short forms {@code claude-mem:12}, {@code :S12}, {@code :P12} and {@code :T12}. */
    public static @Nullable Origin parse(String text) {
        Matcher brief = SHORT.matcher(text);
        if (!brief.matches()) {
            return read(text);
        }
        String kind = switch (brief.group(2)) {
            case "S" -> SUMMARY;
            case "P" -> PROMPT;
            case "T" -> TOOL_USE;
            default -> OBSERVATION;
        };
        return new Origin(brief.group(1), kind, brief.group(3));
    }

    /** As {@link #read} reads it. */
    @Override
    public String toString() {
        return memory + ':' + kind + ':' + id;
    }
}
