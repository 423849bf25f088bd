package dev.cairn.http.docs;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * One page of Markdown as HTML.
 *
 * @param title its first heading
 * @param sections its headings of the second level
 * @param images names of the pictures it shows
 */
record Rendered(String title, List<Section> sections, String html, List<String> images) {
    /** A part of a page and the id it can be linked by. */
    record Section(String id, String title) {}

    /** Where the description of the HTTP API stands, seen from the Markdown files. */
    private static final String OPENAPI = "../../main/resources/dev/cairn/http/openapi.json";

    private static final Pattern PAGE = Pattern.compile("([a-z0-9-]+)\\.md(#.*)?");
    private static final String IMAGES = "images/";
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();

    static Rendered of(String markdown) {
        Node document = PARSER.parse(markdown);
        Walk walk = new Walk();
        document.accept(walk);
        String html = HtmlRenderer.builder()
                .extensions(TABLES)
                .escapeHtml(true)
                .attributeProviderFactory(context -> (node, tag, attributes) -> dress(node, tag, attributes, walk))
                .build()
                .render(document)
                // Markup of the text is escaped, so these are the renderer's own. Tables scroll within a box: one that
                // is made
                // to scroll itself is no table to a screen reader any more.
                .replace("<table>", "<div class=\"scroll\" tabindex=\"0\">\n<table>")
                .replace("</table>", "</table>\n</div>");
        return new Rendered(walk.title, List.copyOf(walk.sections), html, List.copyOf(walk.images));
    }

    private static void dress(Node node, String tag, Map<String, String> attributes, Walk walk) {
        String id = walk.ids.get(node);
        if (id != null) {
            attributes.put("id", id);
        } else if (node instanceof FencedCodeBlock && tag.equals("pre")) {
            // It scrolls sideways, which the keyboard must be able to do too.
            attributes.put("tabindex", "0");
        } else if (node instanceof Image) {
            attributes.put("loading", "lazy");
        }
    }

    /** Gives headings their ids, as GitHub does, and links the addresses they have here. */
    private static final class Walk extends AbstractVisitor {
        private final IdGenerator generator = IdGenerator.builder().build();
        private final IdentityHashMap<Node, String> ids = new IdentityHashMap<>();
        private final List<Section> sections = new ArrayList<>();
        private final List<String> images = new ArrayList<>();
        private String title = "";

        @Override
        public void visit(Heading heading) {
            String text = textOf(heading);
            String id = generator.generateId(text);
            ids.put(heading, id);
            if (heading.getLevel() == 1 && title.isEmpty()) {
                title = text;
            } else if (heading.getLevel() == 2) {
                sections.add(new Section(id, text));
            }
            super.visit(heading);
        }

        @Override
        public void visit(Link link) {
            String to = link.getDestination();
            Matcher page = PAGE.matcher(to);
            if (page.matches()) {
                link.setDestination(Manual.PATH + "/" + page.replaceFirst("$1$2"));
            } else if (to.equals(OPENAPI)) {
                link.setDestination("/openapi.json");
            } else if (to.startsWith(IMAGES)) {
                link.setDestination(Manual.PATH + "/" + to);
            }
            super.visit(link);
        }

        @Override
        public void visit(Image image) {
            String from = image.getDestination();
            if (from.startsWith(IMAGES)) {
                images.add(from.substring(IMAGES.length()));
                image.setDestination(Manual.PATH + "/" + from);
            }
            super.visit(image);
        }

        private static String textOf(Node node) {
            StringBuilder text = new StringBuilder();
            node.accept(new AbstractVisitor() {
                @Override
                public void visit(Text part) {
                    text.append(part.getLiteral());
                }

                @Override
                public void visit(Code part) {
                    text.append(part.getLiteral());
                }

                @Override
                public void visit(SoftLineBreak part) {
                    text.append(' ');
                }
            });
            return text.toString();
        }
    }
}
