package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Projects;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An export for people: one project after the other, its days, and in each day its sessions. Tool uses are left out. Used on
 * its event loop only.
 */
final class MarkdownExport implements Outflow {
    private static final Buffer END = Buffer.buffer();
    private static final ExportFormat.Place INSIDE = new ExportFormat.Place(0, 2);

    private final Bus bus;
    private final ExportQuery query;
    private final Exchange exchange;
    private final Deque<Project> projects;
    private @Nullable MarkdownText text;
    private @Nullable Project project;
    private @Nullable String cursor;
    private boolean begun;
    private boolean stopping;

    private MarkdownExport(Bus bus, ExportQuery query, Exchange exchange, List<Project> projects) {
        this.bus = bus;
        this.query = query;
        this.exchange = exchange;
        this.projects = new ArrayDeque<>(projects);
    }

    /** Finds the projects first, and tells what is wrong with the query before the answer begins. */
    static Future<MarkdownExport> begin(Bus bus, ExportQuery query, Exchange exchange) {
        ExportQuery trial =
                new ExportQuery(query.project(), query.session(), query.from(), query.to(), query.platform(), 1, null);
        return bus.request(Addresses.STORE_EXPORT, trial, LineExport.PAGE_MS)
                .compose(fits -> bus.request(Addresses.STORE_PROJECTS, Nothing.NOTHING))
                .map(known -> new MarkdownExport(bus, query, exchange, wanted(known, query.project())));
    }

    private static List<Project> wanted(Projects known, @Nullable String name) {
        return known.projects().stream()
                .map(Projects.Row::project)
                .filter(project -> name == null
                        || project.key().equals(name)
                        || project.name().equals(name))
                .sorted(Comparator.comparing(Project::name).thenComparing(Project::key))
                .toList();
    }

    @Override
    public Future<Buffer> next() {
        if (!begun) {
            begun = true;
            return Future.succeededFuture(Buffer.buffer("# Memories\n"));
        }
        if (stopping) {
            return Future.failedFuture("the worker stops");
        }
        Project now = project == null ? projects.poll() : project;
        if (now == null) {
            return Future.succeededFuture(END);
        }
        MarkdownText writer = project == null || text == null ? new MarkdownText(now) : text;
        project = now;
        text = writer;
        ExportQuery ofProject = new ExportQuery(
                now.key(), query.session(), query.from(), query.to(), query.platform(), query.limit(), null);
        return LineExport.page(bus, ofProject, cursor)
                .compose(page -> exchange.offloaded(size(page), () -> written(writer, page)))
                .compose(written -> {
                    cursor = written.next();
                    if (cursor == null) {
                        project = null;
                    }
                    return written.piece().length() == 0 ? next() : Future.succeededFuture(written.piece());
                });
    }

    /** @param next the cursor behind the page; null when nothing of the project is left to show */
    private record Written(Buffer piece, @Nullable String next) {}

    private static Written written(MarkdownText writer, ExportPage page) {
        String next = page.next();
        for (String line : page.lines()) {
            ExportLine read = ExportFormat.read(line, INSIDE);
            if (read instanceof ExportLine.ToolUseLine || read instanceof ExportLine.NoteLine) {
                // All memories stand before these.
                next = null;
                break;
            }
            if (read != null) {
                writer.add(read);
            }
        }
        if (next == null) {
            writer.end();
        }
        return new Written(Buffer.buffer(writer.take()), next);
    }

    private static long size(ExportPage page) {
        return page.lines().stream().mapToLong(String::length).sum();
    }

    @Override
    public void finish() {
        stopping = true;
    }

    @Override
    public void close() {
        projects.clear();
        stopping = true;
    }
}
