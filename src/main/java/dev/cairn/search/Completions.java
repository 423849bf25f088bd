package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Projects;
import dev.cairn.bus.What;
import dev.cairn.mcp.McpCompletion;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Names of projects and ids of sessions, those last used first. */
final class Completions implements McpCompletion {
    private static final int SESSIONS = 100;

    private final Bus bus;

    Completions(Bus bus) {
        this.bus = bus;
    }

    @Override
    public Future<List<String>> complete(String subject, String argument, String typed) {
        if (argument.equals("project")) {
            return Faults.of(
                    null,
                    () -> bus.request(Addresses.STORE_PROJECTS, Nothing.NOTHING)
                            .map(known -> projects(known, typed.strip().toLowerCase(Locale.ROOT))));
        }
        if (argument.equals("session") || subject.equals(MemoryResources.template(MemoryUri.SESSION))) {
            PageQuery newest = new PageQuery(What.SESSIONS, null, null, null, null, null, SESSIONS, null);
            boolean inUri = !argument.equals("session");
            return Faults.of(
                    null,
                    () -> bus.request(Addresses.STORE_PAGE, newest)
                            .map(page -> page.sessions().stream()
                                    .map(session -> inUri ? String.valueOf(session.id()) : session.sessionId())
                                    .filter(id -> id.startsWith(typed))
                                    .distinct()
                                    .toList()));
        }
        return Future.succeededFuture(List.of());
    }

    /** By name those that begin with what is typed; then those that have it anywhere. A name that several share is told as keys. */
    private static List<String> projects(Projects known, String typed) {
        Stream<String> begins = known.projects().stream()
                .filter(row -> row.project().name().toLowerCase(Locale.ROOT).startsWith(typed))
                .map(row -> named(known, row));
        Stream<String> has = known.projects().stream()
                .filter(row -> row.project().key().toLowerCase(Locale.ROOT).contains(typed))
                .map(row -> named(known, row));
        return Stream.concat(begins, has).distinct().toList();
    }

    private static String named(Projects known, Projects.Row row) {
        String name = row.project().name();
        long same = known.projects().stream()
                .filter(other -> other.project().name().equals(name))
                .count();
        return same == 1 ? name : row.project().key();
    }
}
