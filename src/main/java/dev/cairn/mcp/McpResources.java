package dev.cairn.mcp;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a host may attach to a conversation by its URI. Must not block, must complete in bounded time; fails with a
 * {@link McpFault}, with anything else only by a defect.
 */
public interface McpResources {
    /**
     * One as it is listed.
     *
     * @param name for programs and for people who type it
     * @param title for people
     * @param lastModified epoch milliseconds
     */
    record Resource(String uri, String name, String title, String mimeType, long lastModified) {}

    /**
     * A way to name one that may not be listed.
     *
     * @param uriTemplate of RFC 6570
     */
    record Template(String uriTemplate, String name, String title, String description, String mimeType) {}

    /** One in full. */
    record Content(String uri, String mimeType, String text) {}

    /** @param next the cursor of the next page; null on the last */
    record Page(List<Resource> resources, @Nullable String next) {
        public Page {
            resources = List.copyOf(resources);
        }
    }

    List<Template> templates();

    /** @param cursor {@code next} of the page before; null for the first */
    Future<Page> list(@Nullable String cursor);

    Future<Content> read(String uri);
}
