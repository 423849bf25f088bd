import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes one Markdown table of what {@code Peer.java} wrote: of each figure the median, and the range in brackets where the rounds differ.
 *
 * <pre>{@code java Table.java CLAUDE-MEM-RESULTS CAIRN-RESULTS}</pre>
 */
public final class Table {
    private final Results claudeMem;
    private final Results cairn;

    private Table(Results claudeMem, Results cairn) {
        this.claudeMem = claudeMem;
        this.cairn = cairn;
    }

    public static void main(String[] args) throws IOException {
        new Table(new Results(Path.of(args[0])), new Results(Path.of(args[1]))).print();
    }

    private void print() {
        System.out.println("| | claude-mem 13.25.3 | Cairn |");
        System.out.println("|---|---|---|");
        row(
                "processes at rest on its defaults, after 20 tool uses and a memory",
                claudeMem.range("rest.chroma.processes", 0),
                cairn.range("rest.default.processes", 0));
        row("their resident memory (RSS, summed), MB", claudeMem.range("rest.chroma.mb", 0), cairn.range("rest.default.mb", 0));
        both("processes at rest, Chroma on both sides", "rest.chroma.processes", 0);
        both("their resident memory (RSS, summed), MB", "rest.chroma.mb", 0);
        both("processes left 10 s after the worker got `kill -9`, Chroma in use", "left.kill", 0);
        both("processes left 10 s after its own stop command", "left.stop", 0);
        both("processes more than before, after that kill and a start", "more.after.kill.and.start", 0);
        both("processes more than before, after 5 restarts", "more.after.restarts", 0);
        row("tool uses answered 2xx under load and not in the database after `kill -9`", lost(claudeMem), lost(cairn));
        row(
                "tool uses that waited for the model and still do after `kill -9` and a start",
                waiting(claudeMem),
                waiting(cairn));
        both("first start, empty directory, to ready, ms", "start.first.ms", 0);
        both("later starts, ms", "start.ms", 0);
        row("later starts by `java -jar`, ms", "", cairn.range("start.jar.ms", 0));
        both("one hook after a tool use, wall time p50, ms", "hook.tool.p50.ms", 1);
        both("p95, ms", "hook.tool.p95.ms", 1);
        both("processor time of the hook, ms", "hook.tool.cpu.ms", 1);
        both("processor time of the worker for it, ms", "hook.tool.cpu.worker.ms", 1);
        both("one hook before a prompt, wall time p50, ms", "hook.prompt.p50.ms", 0);
        both("p95, ms", "hook.prompt.p95.ms", 0);
        both("processor time of the hook, ms", "hook.prompt.cpu.ms", 0);
        for (int connections : List.of(1, 16)) {
            String key = "ingest." + connections;
            String over = ", " + connections + (connections == 1 ? " connection" : " connections");
            both("tool uses posted" + over + ", per second", key + ".rate", 0);
            both("p50, ms", key + ".p50.ms", 2);
            both("p99, ms", key + ".p99.ms", 2);
            both("processor time of each, ms", key + ".cpu.ms", 2);
        }
        both("search of one word among 10,000 memories, p50, ms", "search.one.p50.ms", 2);
        both("p99, ms", "search.one.p99.ms", 2);
        row("queries of two and three words that found something", found(claudeMem), found(cairn));
        both("their p50, ms", "search.more.p50.ms", 2);
        both("their p99, ms", "search.more.p99.ms", 2);
    }

    private void both(String what, String key, int digits) {
        row(what, claudeMem.range(key, digits), cairn.range(key, digits));
    }

    private static void row(String what, String claudeMem, String cairn) {
        System.out.println("| " + what + " | " + claudeMem + " | " + cairn + " |");
    }

    private static String lost(Results side) {
        return String.format(
                Locale.ROOT, "%.0f of %,.0f in %d kills", side.sum("kill.lost"), side.sum("kill.acknowledged"), side.count("kill.lost"));
    }

    private static String waiting(Results side) {
        return side.range("waiting.after.kill", 0) + " of " + side.range("waiting.of", 0);
    }

    private static String found(Results side) {
        return side.range("search.more.found", 0) + " of " + side.range("search.more.of", 0);
    }

    private static final class Results {
        private final Map<String, List<Double>> values = new HashMap<>();

        Results(Path file) throws IOException {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ");
                values.computeIfAbsent(words[0], key -> new ArrayList<>()).add(Double.parseDouble(words[1]));
            }
            values.values().forEach(list -> list.sort(null));
        }

        private List<Double> of(String key) {
            List<Double> list = values.get(key);
            if (list == null) {
                throw new IllegalStateException("not measured: " + key);
            }
            return list;
        }

        int count(String key) {
            return of(key).size();
        }

        double sum(String key) {
            return of(key).stream().mapToDouble(Double::doubleValue).sum();
        }

        String range(String key, int digits) {
            List<Double> list = of(key);
            String low = text(list.get(0), digits);
            String high = text(list.get(list.size() - 1), digits);
            String median = text((list.get((list.size() - 1) / 2) + list.get(list.size() / 2)) / 2, digits);
            return low.equals(high) ? median : median + " (" + low + "–" + high + ")";
        }

        private static String text(double value, int digits) {
            return String.format(Locale.ROOT, "%,." + digits + "f", value);
        }
    }
}
