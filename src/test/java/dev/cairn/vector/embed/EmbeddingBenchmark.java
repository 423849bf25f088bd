package dev.cairn.vector.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What embedding costs: run by {@code load-tests} with {@code --embed}, in a JVM with the worker's flags. The service is set
 * against a loop of the bare runtime over the same tokens, in turn, at the same priority.
 */
final class EmbeddingBenchmark {
    private static final int ROUNDS = 7;
    private static final int BATCH = 64;
    private static final double GOAL = 0.85;
    private static final String[] WORDS =
            ("the worker keeps sessions and prompts in one file while an observer reads what was done after each turn"
                            + " FooBar.java connection refused timeout pool queue drained before stop index search vector"
                            + " résumé --offline ERR_42 src/main/java release build failed test passed because of")
                    .split(" ");

    private final Path cache;
    private final Random random = new Random(5);

    private EmbeddingBenchmark(Path cache) {
        this.cache = cache;
    }

    /** @param args a directory for what is unpacked */
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        new EmbeddingBenchmark(Path.of(args[0])).run(vertx);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private void run(Vertx vertx) throws Exception {
        EmbeddingModel model = EmbeddingModel.of(EmbeddingModel.BUNDLED);
        EmbedderService service =
                new EmbedderService(vertx, new EmbedderOptions(EmbeddingModel.BUNDLED, cache, 512, 512, 1_024, 0));
        long before = resident();
        await(service, List.of("unpacked once"));
        service.close().await(10, TimeUnit.SECONDS);

        service = new EmbedderService(vertx, new EmbedderOptions(EmbeddingModel.BUNDLED, cache, 512, 512, 1_024, 0));
        long begin = System.nanoTime();
        service.prepare().await(30, TimeUnit.SECONDS);
        double loadMs = (System.nanoTime() - begin) / 1e6;
        long loaded = resident();
        WordPieceTokenizer tokenizer = model.source().tokenizer();
        for (int i = 0; i < 3; i++) {
            await(service, texts(tokenizer, 256, BATCH));
        }
        row("loading the model a second time", format("%.0f ms", loadMs), "stated", true);
        row(
                "resident memory of a bare JVM with the model",
                format(
                        "%d MB before, %d MB loaded, %d MB after %d texts of 256 tokens",
                        before, loaded, resident(), 3 * BATCH),
                "≤ 300 MB",
                resident() <= 300);
        costs(service, tokenizer);
        for (int tokens : new int[] {40, 200}) {
            ratio(service, model, tokenizer, tokens);
        }
        service.close().await(10, TimeUnit.SECONDS);
        row("resident memory after unloading", resident() + " MB", "stated", true);
    }

    private void costs(EmbedderService service, WordPieceTokenizer tokenizer) throws Exception {
        for (int tokens : new int[] {16, 40, 64, 128, 256, 512}) {
            List<String> texts = texts(tokenizer, tokens, Math.max(8, 2_560 / tokens));
            double[] ms = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long begin = System.nanoTime();
                for (String text : texts) {
                    service.query(text).await(30, TimeUnit.SECONDS);
                }
                ms[round] = (System.nanoTime() - begin) / 1e6 / texts.size();
            }
            row(format("one text of %d tokens, as a search", tokens), format("%.1f ms", median(ms)), "stated", true);
        }
    }

    private void ratio(EmbedderService service, EmbeddingModel model, WordPieceTokenizer tokenizer, int tokens)
            throws Exception {
        List<String> texts = texts(tokenizer, tokens, BATCH);
        List<long[]> ids =
                texts.stream().map(text -> tokenizer.encode(text, 512)).toList();
        double[] ratios = new double[ROUNDS];
        double[] rates = new double[ROUNDS];
        try (Bare bare = new Bare(model, cache)) {
            bare.nanos(ids);
            for (int round = 0; round < ROUNDS; round++) {
                double alone = bare.nanos(ids);
                long begin = System.nanoTime();
                await(service, texts);
                double whole = System.nanoTime() - begin;
                ratios[round] = (alone + bare.nanos(ids)) / 2 / whole;
                rates[round] = BATCH / (whole / 1e9);
            }
        }
        double ratio = median(ratios);
        row(
                format("embedding of texts of %d tokens in batches of %d", tokens, BATCH),
                format("%.2f of the bare runtime's rate (%.0f/s)", ratio, median(rates)),
                "≥ 0.85",
                ratio >= GOAL);
    }

    /** The runtime on tensors made before, in a thread of the priority documents have. */
    private static final class Bare implements AutoCloseable {
        private final OrtSession session;
        private final OrtEnvironment environment;

        private Bare(EmbeddingModel model, Path cache) throws OrtException, IOException {
            environment = OnnxLibrary.load(cache);
            session = OnnxEmbedder.open(environment, model.source().onnx(cache));
        }

        private double nanos(List<long[]> texts) throws Exception {
            List<Map<String, OnnxTensor>> prepared = new ArrayList<>();
            for (long[] ids : texts) {
                Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
                for (String name : session.getInputNames()) {
                    long[] values = ids.clone();
                    if (!name.equals("input_ids")) {
                        Arrays.fill(values, name.equals("attention_mask") ? 1 : 0);
                    }
                    LongBuffer buffer = ByteBuffer.allocateDirect(values.length * Long.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asLongBuffer();
                    buffer.put(values).flip();
                    inputs.put(name, OnnxTensor.createTensor(environment, buffer, new long[] {1, values.length}));
                }
                prepared.add(inputs);
            }
            long[] nanos = new long[1];
            Thread thread = new Thread(() -> {
                CLibrary.lowerPriority();
                long begin = System.nanoTime();
                for (Map<String, OnnxTensor> inputs : prepared) {
                    try (OrtSession.Result result = session.run(inputs, Set.of("last_hidden_state"))) {
                        nanos[0] += result.size();
                    } catch (OrtException e) {
                        throw new IllegalStateException(e);
                    }
                }
                nanos[0] = System.nanoTime() - begin;
            });
            thread.start();
            thread.join();
            prepared.forEach(inputs -> inputs.values().forEach(OnnxTensor::close));
            return nanos[0];
        }

        @Override
        public void close() throws OrtException {
            session.close();
        }
    }

    /** Of so many tokens each, as near as words allow. */
    private List<String> texts(WordPieceTokenizer tokenizer, int tokens, int count) {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            StringBuilder text = new StringBuilder();
            while (tokenizer.encode(text.toString(), 512).length < tokens) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static void await(EmbedderService service, List<String> texts) throws Exception {
        service.documents(texts).await(60, TimeUnit.SECONDS);
    }

    private static void row(String what, String figure, String goal, boolean met) {
        System.out.println("| " + what + " | " + figure + " | " + goal + " |");
        if (!met) {
            System.out.println("MISSED: " + what + ": " + figure + ", goal " + goal);
        }
    }

    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
