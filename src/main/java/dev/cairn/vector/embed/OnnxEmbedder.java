package dev.cairn.vector.embed;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A loaded model. One text is embedded at a time by the thread that asks, and by it alone: the runtime's own threads would
 * take every core for one text. Several threads may ask at once; all have returned before it is closed.
 */
final class OnnxEmbedder implements AutoCloseable {
    private static final Set<String> KNOWN = Set.of("input_ids", "attention_mask", "token_type_ids");

    private static final int LEAST = 64;

    private final EmbeddingModel model;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WordPieceTokenizer tokenizer;
    private final String output;
    /** 3 when there is a vector for each token, 2 when the model has made one of them. */
    private final int rank;

    private final int dimensions;
    /** One for each thread that asks at the same time. */
    private final Deque<Buffers> free = new ConcurrentLinkedDeque<>();

    /**
     * Loads model and tokenizer. Blocks for about half a second, more when files are to be unpacked.
     *
     * @param cache files are put here, and stay
     * @throws CairnException when the model cannot be used, or this machine has no library to run it
     */
    static OnnxEmbedder load(EmbeddingModel model, Path cache) {
        OrtEnvironment environment = OnnxLibrary.load(cache);
        try {
            WordPieceTokenizer tokenizer = model.source().tokenizer();
            Path file = model.source().onnx(cache);
            OrtSession session = open(environment, file);
            try {
                return new OnnxEmbedder(model, environment, session, tokenizer);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw EmbeddingModel.refused("ONNX Runtime does not run it: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CairnException(ErrorCode.UNAVAILABLE, "the model cannot be read: " + e, null, e);
        }
    }

    /** A session as it is used here: to be closed. */
    static OrtSession open(OrtEnvironment environment, Path file) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry("session.inter_op.allow_spinning", "0");
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            // One pattern for each length would be kept: a tenth more memory, and not faster.
            options.setMemoryPatternOptimization(false);
            return environment.createSession(file.toString(), options);
        }
    }

    private OnnxEmbedder(
            EmbeddingModel model, OrtEnvironment environment, OrtSession session, WordPieceTokenizer tokenizer)
            throws OrtException {
        this.model = model;
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
        if (!KNOWN.containsAll(session.getInputNames())) {
            throw EmbeddingModel.refused("it wants inputs " + session.getInputNames() + ", not only " + KNOWN, null);
        }
        Map.Entry<String, NodeInfo> first = session.getOutputInfo().entrySet().stream()
                .findFirst()
                .orElseThrow(() -> EmbeddingModel.refused("it has no output", null));
        output = first.getKey();
        rank = first.getValue().getInfo() instanceof TensorInfo tensor ? tensor.getShape().length : 0;
        if (rank != 2 && rank != 3) {
            throw EmbeddingModel.refused("its output " + output + " is no vector for each text or token", null);
        }
        // What the model leaves open is known from a text without words.
        dimensions = probe();
    }

    private int probe() throws OrtException {
        long[] ids = tokenizer.encode("", model.maxTokens());
        Map<String, OnnxTensor> inputs = new Buffers(ids.length, 0).inputs(ids);
        try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
            if (result.get(0) instanceof OnnxTensor tensor && tensor.getInfo().type == OnnxJavaType.FLOAT) {
                long[] shape = tensor.getInfo().getShape();
                return Math.toIntExact(shape[shape.length - 1]);
            }
            throw EmbeddingModel.refused("its output " + output + " is no tensor of floats", null);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    String id() {
        return model.id();
    }

    int dimensions() {
        return dimensions;
    }

    /**
     * The vector of a search, of length 1.
     *
     * @param maxTokens the text is cut to so many
     */
    float[] query(String text, int maxTokens) {
        return embed(model.queryPrefix() + text, maxTokens);
    }

    /** The vector of a text that is searched, of length 1. */
    float[] document(String text, int maxTokens) {
        return embed(model.documentPrefix() + text, maxTokens);
    }

    private float[] embed(String text, int maxTokens) {
        return embed(tokenizer.encode(text, Math.min(maxTokens, model.maxTokens())));
    }

    private float[] embed(long[] ids) {
        Buffers buffers = free.pollLast();
        if (buffers == null || buffers.capacity < ids.length) {
            buffers = new Buffers(ids.length, dimensions);
        }
        try {
            float[] vector = run(ids, buffers);
            free.addLast(buffers);
            return vector;
        } catch (OrtException e) {
            throw new CairnException(ErrorCode.INTERNAL, "the model failed: " + e.getMessage(), null, e);
        }
    }

    private float[] run(long[] ids, Buffers buffers) throws OrtException {
        int rows = rank == 3 ? ids.length : 1;
        long[] shape = rank == 3 ? new long[] {1, rows, dimensions} : new long[] {1, dimensions};
        Map<String, OnnxTensor> inputs = buffers.inputs(ids);
        try (OnnxTensor vectors =
                        OnnxTensor.createTensor(environment, buffers.vectors.slice(0, rows * dimensions), shape);
                OrtSession.Result written = session.run(inputs, Map.of(output, vectors))) {
            return mean(buffers.vectors, model.firstToken() ? 1 : rows, dimensions);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** The mean of the first rows, made as long as 1. */
    static float[] mean(FloatBuffer values, int rows, int dimensions) {
        float[] vector = new float[dimensions];
        values.get(0, vector);
        float[] row = new float[rows > 1 ? dimensions : 0];
        for (int i = 1; i < rows; i++) {
            values.get(i * dimensions, row);
            for (int j = 0; j < dimensions; j++) {
                vector[j] += row[j];
            }
        }
        double square = 0;
        for (float each : vector) {
            square += (double) each * each;
        }
        float scale = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
        for (int j = 0; j < dimensions; j++) {
            vector[j] *= scale;
        }
        return vector;
    }

    @Override
    public void close() throws OrtException {
        free.clear();
        session.close();
        CLibrary.giveMemoryBack();
    }

    /** Outside the heap, where the runtime reads them without a copy. */
    private final class Buffers {
        private final int capacity;
        private final LongBuffer ids;
        private final LongBuffer ones;
        private final LongBuffer zeros;
        private final FloatBuffer vectors;

        private Buffers(int tokens, int dimensions) {
            capacity = Math.max(tokens, LEAST);
            ids = longs(capacity);
            ones = longs(capacity);
            zeros = longs(capacity);
            vectors = bytes(capacity * dimensions * Float.BYTES).asFloatBuffer();
            for (int i = 0; i < capacity; i++) {
                ones.put(i, 1);
            }
        }

        private static LongBuffer longs(int count) {
            return bytes(count * Long.BYTES).asLongBuffer();
        }

        private static ByteBuffer bytes(int count) {
            return ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder());
        }

        /** As the model declares them; to be closed. */
        private Map<String, OnnxTensor> inputs(long[] tokens) throws OrtException {
            ids.clear();
            ids.put(tokens).flip();
            long[] shape = {1, tokens.length};
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            for (String name : session.getInputNames()) {
                LongBuffer values = switch (name) {
                    case "input_ids" -> ids;
                    case "attention_mask" -> ones.slice(0, tokens.length);
                    default -> zeros.slice(0, tokens.length);
                };
                inputs.put(name, OnnxTensor.createTensor(environment, values, shape));
            }
            return inputs;
        }
    }
}
