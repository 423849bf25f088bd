package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cairn usage}: what models used, as a table with its sum. */
@Command(name = "usage", description = "Shows what models used: questions, tokens, and what they cost.")
final class UsageCommand extends WorkerCommand.Reading {
    private static final int MAX_DAYS = 400;

    @Option(names = "--by", description = "What to tell apart, with commas: day, provider, model, project, session.")
    String by = "day,provider,model";

    @Option(names = "--days", description = "How many days (UTC), today included (1 to 400).")
    int days = 7;

    @Option(names = "--project", description = "Only this project: its key or its name.")
    @Nullable
    String project;

    @Option(names = "--provider", description = "Only this provider.")
    @Nullable
    String provider;

    UsageCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        if (days < 1 || days > MAX_DAYS) {
            throw misuse("--days must be 1 to " + MAX_DAYS + ", not " + days);
        }
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("by", by);
        parameters.put("from", LocalDate.now(ZoneOffset.UTC).minusDays(days - 1L));
        parameters.put("project", project);
        parameters.put("provider", provider);
        JsonNode usage = session.get(config(), Session.query("/api/usage", parameters));
        if (json) {
            System.out.println(usage);
            return DONE;
        }
        if (usage.path("items").isEmpty()) {
            System.out.println("no model was asked in " + Texts.count(days, "day", "days"));
            return DONE;
        }
        List<String> groups = Arrays.stream(by.split(",", -1))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
        List<String> headings = new ArrayList<>(
                groups.stream().map(group -> group.toUpperCase(Locale.ROOT)).toList());
        headings.addAll(List.of("CALLS", "FAILED", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "COST"));
        Table table = new Table(headings.toArray(String[]::new));
        for (JsonNode item : usage.path("items")) {
            row(table, groups.stream().map(group -> name(item, group)).toList(), item);
        }
        List<String> sum = new ArrayList<>(groups.stream().map(group -> "").toList());
        if (!sum.isEmpty()) {
            sum.set(0, "all");
        }
        row(table, sum, usage.path("total"));
        table.print(terminal());
        return DONE;
    }

    /** What was forgotten has no name. */
    private static String name(JsonNode item, String group) {
        return item.path(group.equals("project") ? "projectName" : group).asText("-");
    }

    private static void row(Table table, List<String> names, JsonNode sum) {
        List<Object> cells = new ArrayList<>(names);
        for (String field :
                List.of("calls", "failures", "inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens")) {
            cells.add(String.format(Locale.ROOT, "%,d", sum.path(field).asLong()));
        }
        cells.add(cost(sum));
        table.row(cells.toArray());
    }

    /** In dollars; with what is not in it, when a price is not known. */
    private static String cost(JsonNode sum) {
        long unpriced = sum.path("unpricedCalls").asLong();
        String cost = String.format(Locale.ROOT, "$%.4f", sum.path("costMicros").asLong() / 1e6);
        return unpriced == 0 ? cost : cost + " + " + Texts.count(unpriced, "call", "calls") + " without a price";
    }
}
