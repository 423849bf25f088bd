package dev.cairn.privacy;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What every text goes through before it is kept: private spans, blobs, secrets, size. In this order, since a cut could hide
 * the begin of a secret and leave its end. Of a text that will lose its middle anyway only the ends are searched for
 * secrets, each beyond the place of the cut, so a secret across it is found whole. Thread-safe.
 */
public final class TextCleaner {
    /** How far beyond a cut is searched: longer than any secret but a key ring, in UTF-16 units. */
    private static final int MARGIN = 64 * 1024;

    private final PrivacyFilter privacy;
    private final SizeCaps caps;

    public TextCleaner(PrivacyFilter privacy, SizeCaps caps) {
        this.privacy = privacy;
        this.caps = caps;
    }

    /** How many UTF-16 units of text the event brings. */
    public static long weight(AgentEvent event) {
        return (long) length(event.prompt())
                + length(event.toolInput())
                + length(event.toolResponse())
                + length(event.error())
                + length(event.text());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /**
     * The event with clean texts.
     *
     * @param field the event's place in the request, for refusals
     * @throws CairnException INVALID_ARGUMENT if the tool's input or answer is no JSON
     */
    public AgentEvent clean(AgentEvent event, String field) {
        return event.withTexts(
                text(event.prompt()),
                json(event.toolInput(), field + ".toolInput"),
                json(event.toolResponse(), field + ".toolResponse"),
                text(event.error()),
                text(event.text()));
    }

    private @Nullable String text(@Nullable String text) {
        return text == null ? null : cleanText(text);
    }

    private @Nullable String json(@Nullable String json, String field) {
        if (json == null) {
            return null;
        }
        try {
            return cleanJson(json);
        } catch (IllegalArgumentException e) {
            throw new CairnException(
                    ErrorCode.INVALID_ARGUMENT, field + " must be JSON text: " + e.getMessage(), field, e);
        }
    }

    public String cleanText(String text) {
        return withoutSecrets(Blobs.replace(PrivateSpans.hide(text)));
    }

    private String withoutSecrets(String text) {
        int keep = caps.maxBytes();
        int length = text.length();
        if (length <= 2L * keep + 2L * MARGIN) {
            return caps.text(privacy.hideSecrets(text));
        }
        int headEnd = notWithinPair(text, keep);
        int tailStart = notWithinPair(text, length - keep);
        String head = privacy.hideSecrets(text.substring(0, keep + MARGIN), 0, headEnd);
        int windowStart = length - keep - MARGIN;
        String tail = privacy.hideSecrets(text.substring(windowStart), tailStart - windowStart, length - windowStart);
        return caps.text(head, tail, tailStart - headEnd);
    }

    private static int notWithinPair(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) && Character.isHighSurrogate(text.charAt(at - 1))
                ? at - 1
                : at;
    }

    /** @throws IllegalArgumentException if it is no JSON */
    public String cleanJson(String json) {
        return caps.json(JsonText.rewrite(json, new Members()));
    }

    private final class Members implements JsonText.Visitor {
        private int array;
        private PrivateSpans spans = new PrivateSpans();
        private int secretPair;
        private boolean keyIsOpen;

        @Override
        public @Nullable String string(@Nullable String name, int container, String text) {
            String visible = visible(container, text);
            String hidden = hiddenWhole(name, container, visible);
            String clean = hidden != null ? hidden : withoutSecrets(Blobs.replace(visible));
            if (container > 0 && hidden == null) {
                keyIsOpen = PemBlocks.opens(visible);
            }
            return clean.equals(text) ? null : clean;
        }

        /**
         * Lines of one text often stand in an array, so a private span may begin in one element and end in another, and so
         * may a private key.
         */
        private String visible(int container, String text) {
            if (container <= 0) {
                return PrivateSpans.hide(text);
            }
            if (container != array) {
                array = container;
                spans = new PrivateSpans();
                keyIsOpen = false;
            }
            return spans.hideNext(text);
        }

        private @Nullable String hiddenWhole(@Nullable String name, int container, String text) {
            if (container > 0 && keyIsOpen && (PemBlocks.closes(text) || PemBlocks.continues(text))) {
                keyIsOpen = !PemBlocks.closes(text);
                return privacy.hiddenKey();
            }
            if (name != null && container < 0) {
                if (name.equals("name") || name.equals("key") || name.equals("header")) {
                    secretPair = privacy.namesSecret(text) ? container : 0;
                } else if (name.equals("value") && container == secretPair && SecretValues.saysSomething(text)) {
                    return privacy.hidden();
                }
            }
            return privacy.hideMember(name, text);
        }

        @Override
        public @Nullable String number(@Nullable String name, String digits) {
            return privacy.hideNumber(name);
        }

        @Override
        public @Nullable String name(String name) {
            String clean = withoutSecrets(PrivateSpans.hide(name));
            return clean.equals(name) ? null : clean;
        }
    }
}
