package dev.cairn.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what no reader can use: images and files in base64 by {@code [base64 image/png, 1.2 MB]}, binary content by
 * {@code [binary, 3.4 MB]}. Single characters that are no text (NUL, half a surrogate pair) become U+FFFD.
 */
public final class Blobs {
    /** A shorter run of base64 stays. */
    static final int RUN = 1024;
    /** A {@code data:} URL may be shorter. */
    private static final int DATA_URL_RUN = 128;
    /** Lines of wrapped base64 are at least this long. */
    private static final int LINE = 60;

    private static final int HEADER = 128;

    private Blobs() {}

    /** The text itself when there is nothing to replace. */
    public static String replace(String text) {
        String clean = withoutBinary(text);
        return clean.length() < DATA_URL_RUN ? clean : withoutBase64(clean);
    }

    private static String withoutBinary(String text) {
        int bad = 0;
        int unreadable = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                continue;
            }
            if (isNoText(text, i)) {
                bad++;
            } else if (c == '\uFFFD') {
                unreadable++;
            }
        }
        if (text.length() >= 32 && (bad + unreadable) > text.length() / 10) {
            return "[binary, " + size(utf8Length(text)) + "]";
        }
        if (bad == 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (isNoText(text, i)) {
                out.setCharAt(i, '\uFFFD');
            }
        }
        return out.toString();
    }

    /** A control character that neither moves the cursor nor begins a colour, or half a surrogate pair. */
    private static boolean isNoText(String text, int at) {
        char c = text.charAt(at);
        if (c < ' ') {
            return c != '\n' && c != '\t' && c != '\r' && c != '\f' && c != '\b' && c != '\u001b';
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static String withoutBase64(String text) {
        List<Markers.Marked> blobs = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (!isBase64(text.charAt(at))) {
                at++;
                continue;
            }
            int end = endOfRun(text, at);
            // The begin of a data: URL ends with "base64," so the run begins just after the comma.
            String type = dataUrlType(text, at);
            if (end - at >= (type == null ? RUN : DATA_URL_RUN) && (type != null || isMixed(text, at, end))) {
                int start = type == null ? at : text.lastIndexOf("data:", at);
                blobs.add(new Markers.Marked(start, end, marker(text, at, end, type)));
            }
            at = end;
        }
        return blobs.isEmpty() ? text : Markers.replace(text, blobs);
    }

    private static int endOfRun(String text, int from) {
        int at = from;
        int lineStart = from;
        int width = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isBase64(c)) {
                at++;
                continue;
            }
            int line = at - lineStart;
            boolean wrapped = (c == '\n' || c == '\r') && line >= LINE && (width == 0 || line == width);
            int next = at + (c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 2 : 1);
            if (!wrapped || next >= text.length() || !isBase64(text.charAt(next))) {
                break;
            }
            width = line;
            lineStart = next;
            at = next;
        }
        while (at < text.length() && text.charAt(at) == '=' && at > from) {
            at++;
        }
        return at;
    }

    private static @Nullable String dataUrlType(String text, int run) {
        if (run < 12 || text.charAt(run - 1) != ',' || !text.startsWith("base64", run - 7)) {
            return null;
        }
        int start = text.lastIndexOf("data:", run);
        if (start < 0 || run - start > HEADER) {
            return null;
        }
        int end = text.indexOf(';', start);
        return end > start + 5 && end < run ? text.substring(start + 5, end) : "data";
    }

    /** Whether it is no ruler, number or word: base64 of anything has capitals, small letters and digits soon. */
    private static boolean isMixed(String text, int from, int to) {
        boolean upper = false;
        boolean lower = false;
        boolean digit = false;
        for (int i = from; i < Math.min(to, from + 512); i++) {
            char c = text.charAt(i);
            upper |= c >= 'A' && c <= 'Z';
            lower |= c >= 'a' && c <= 'z';
            digit |= (c >= '0' && c <= '9') || c == '+' || c == '/';
        }
        return upper && lower && digit;
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    }

    private static String marker(String text, int from, int to, @Nullable String declared) {
        String type = declared == null ? magic(text, from) : declared;
        String size = size((to - from) / 4L * 3);
        return type == null ? "[base64, " + size + "]" : "[base64 " + type + ", " + size + "]";
    }

    /** What the first bytes say, as they look in base64. */
    private static @Nullable String magic(String text, int at) {
        if (text.startsWith("iVBORw0KGg", at)) {
            return "image/png";
        }
        if (text.startsWith("/9j/", at)) {
            return "image/jpeg";
        }
        if (text.startsWith("R0lGOD", at)) {
            return "image/gif";
        }
        if (text.startsWith("UklGR", at)) {
            return "image/webp";
        }
        if (text.startsWith("JVBERi0", at)) {
            return "application/pdf";
        }
        return text.startsWith("UEsDB", at) ? "application/zip" : null;
    }

    /** Such as {@code 812 bytes}, {@code 3.4 KB}, {@code 1.2 MB}. */
    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        return bytes < 999_950
                ? String.format(Locale.ROOT, "%.1f KB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** How many bytes the text takes in UTF-8. */
    static long utf8Length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }
}
