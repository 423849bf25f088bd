package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.NewMemory;
import dev.cairn.model.SearchQuery;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keyword search on the development sets, which lie beside the project and are not part of it: {@code ../shared/retrieval}, or
 * where the system property {@code cairn.retrieval.dir} says.
 *
 * <p>The figures to reach are those of bm25 over stemmed words without stop words. Up to 100 hits count for MRR, as in the
 * evaluator that made them.
 */
class RetrievalBaselineTest {
    private static final double TOLERANCE = 0.002;
    private static final int DEPTH = 100;

    @TempDir
    Path directory;

    private Path sets = Path.of(".");

    private record Metrics(double recall5, double recall10, double ndcg10, double mrr) {}

    @BeforeEach
    void findTheSets() {
        sets = Path.of(System.getProperty("cairn.retrieval.dir", "../shared/retrieval"));
        assumeTrue(
                Files.isDirectory(sets),
                () -> "SKIPPED: no retrieval sets at " + sets.toAbsolutePath().normalize()
                        + "; give -Dcairn.retrieval.dir");
    }

    @Test
    void conversationsReachTheBaseline() throws IOException {
        Metrics metrics = measure("locomo-dev");
        assertThat(metrics.recall5()).isGreaterThanOrEqualTo(.567 - TOLERANCE);
        assertThat(metrics.recall10()).isGreaterThanOrEqualTo(.649 - TOLERANCE);
        assertThat(metrics.ndcg10()).isGreaterThanOrEqualTo(.517 - TOLERANCE);
        assertThat(metrics.mrr()).isGreaterThanOrEqualTo(.504 - TOLERANCE);
    }

    @Test
    void commitsReachTheBaseline() throws IOException {
        Metrics metrics = measure("commits-dev");
        assertThat(metrics.recall10()).isGreaterThanOrEqualTo(.931 - TOLERANCE);
        assertThat(metrics.ndcg10()).isGreaterThanOrEqualTo(.832 - TOLERANCE);
    }

    private Metrics measure(String set) throws IOException {
        Map<Long, String> names = new HashMap<>();
        double[] sums = new double[4];
        int queries = 0;
        try (StoreFixture store = new StoreFixture(directory, new JsonObject())) {
            List<JsonNode> docs = lines(set, "docs.jsonl");
            List<NewMemory> memories = new ArrayList<>();
            for (JsonNode doc : docs) {
                memories.add(new NewMemory(
                        doc.get("text").asText(),
                        null,
                        null,
                        doc.get("scope").asText(),
                        List.of(),
                        List.of(),
                        doc.get("created_at_epoch").asLong() * 1000));
            }
            List<Long> ids = store.save(memories.toArray(new NewMemory[0]));
            for (int i = 0; i < docs.size(); i++) {
                names.put(ids.get(i), docs.get(i).get("id").asText());
            }
            for (JsonNode query : lines(set, "queries.jsonl")) {
                List<String> ranked = store
                        .search(SearchQuery.of(
                                query.get("text").asText(), query.get("scope").asText(), DEPTH))
                        .rows()
                        .stream()
                        .map(row -> Objects.requireNonNull(names.get(row.id())))
                        .toList();
                Set<String> relevant = new HashSet<>(Json.texts(query.get("relevant_ids")));
                add(sums, relevant, ranked);
                queries++;
            }
        }
        Metrics metrics = new Metrics(sums[0] / queries, sums[1] / queries, sums[2] / queries, sums[3] / queries);
        System.out.println(set + " " + metrics);
        return metrics;
    }

    /** Recall at 5 and 10, binary nDCG at 10, and the reciprocal rank of the first. */
    private static void add(double[] sums, Set<String> relevant, List<String> ranked) {
        double gain = 0;
        double ideal = 0;
        int found = 0;
        double first = 0;
        for (int i = 0; i < ranked.size(); i++) {
            if (!relevant.contains(ranked.get(i))) {
                continue;
            }
            found++;
            first = first == 0 ? 1.0 / (i + 1) : first;
            sums[0] += i < 5 ? 1.0 / relevant.size() : 0;
            sums[1] += i < 10 ? 1.0 / relevant.size() : 0;
            gain += i < 10 ? discount(i) : 0;
        }
        for (int i = 0; i < Math.min(10, relevant.size()); i++) {
            ideal += discount(i);
        }
        sums[2] += found == 0 ? 0 : gain / ideal;
        sums[3] += first;
    }

    private static double discount(int rank) {
        return Math.log(2) / Math.log(rank + 2.0);
    }

    private List<JsonNode> lines(String set, String file) throws IOException {
        return Files.readAllLines(sets.resolve(set).resolve(file)).stream()
                .filter(line -> !line.isBlank())
                .map(Json::tree)
                .toList();
    }
}
