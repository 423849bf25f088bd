package dev.cairn.vector.embed;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's native library. By itself it unpacks some twenty megabytes into the temporary directory at each start,
 * which stay there after a {@code kill -9}; so they are unpacked here, once, into the cache. Loaded once in a JVM.
 */
final class OnnxLibrary {
    /** Where the library is; who sets it has their own, for a platform that is not in the jar. */
    static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final String NAME = "cairn";

    private static final Logger LOG = LoggerFactory.getLogger(OnnxLibrary.class);
    /** In the order in which they need each other. */
    private static final List<String> FILES = List.of("onnxruntime", "onnxruntime4j_jni");

    private static @Nullable OrtEnvironment loaded;

    private OnnxLibrary() {}

    /**
     * Loads the library unless it is. Blocks.
     *
     * @param cache files are put here, and stay
     * @throws CairnException unavailable, with the reason, when this machine has no such library; to be tried again
     */
    static synchronized OrtEnvironment load(Path cache) {
        if (loaded != null) {
            return loaded;
        }
        String given = System.getProperty(PATH_PROPERTY);
        try {
            Path directory = given == null ? unpack(cache) : Path.of(given);
            for (String each : FILES) {
                // ONNX Runtime's classes cannot be loaded a second time when they fail in this: so it is tried before.
                System.load(directory.resolve(fileName(each)).toAbsolutePath().toString());
            }
            System.setProperty(PATH_PROPERTY, directory.toAbsolutePath().toString());
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, NAME);
            environment.setTelemetry(false);
            keepOpen();
            removeTemporary();
            loaded = environment;
            return environment;
        } catch (IOException | OrtException | LinkageError | IllegalStateException e) {
            throw unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    private static Path unpack(Path cache) throws IOException {
        String platform = platform();
        Path directory = cache.resolve("onnxruntime-" + platform);
        for (String each : FILES) {
            String resource = "/ai/onnxruntime/native/" + platform + "/" + fileName(each);
            try {
                Unpacked.resource(resource, directory);
            } catch (NoSuchFileException e) {
                if (resource.equals(e.getFile())) {
                    throw unavailable(
                            "there is none for " + platform + "; one of your own can be named by -D" + PATH_PROPERTY,
                            e);
                }
                throw e;
            }
        }
        return directory;
    }

    private static CairnException unavailable(String why, Throwable cause) {
        return new CairnException(
                ErrorCode.UNAVAILABLE, "ONNX Runtime's native library cannot be loaded: " + why, null, cause);
    }

    /** As its jar names it. */
    static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String family = os.contains("mac") ? "osx" : os.contains("win") ? "win" : os;
        return family + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
    }

    private static String fileName(String library) {
        return System.mapLibraryName(library);
    }

    /**
     * The environment closes itself in a shutdown hook of its own, which the JVM runs beside the worker's stop: whoever loads a
     * model in that moment loads it into freed memory, and the JVM crashes. The native library counts who has opened the
     * environment; one more who never closes it, and it lives as long as the process.
     */
    private static void keepOpen() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method open = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            open.setAccessible(true);
            open.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue(), NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("A stop while the model is being loaded may end in a crash of ONNX Runtime: {}", e.toString());
        }
    }

    /** The directory that it makes in any case, empty as it is, to be removed when the JVM ends of itself. */
    private static void removeTemporary() {
        try {
            Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            field.setAccessible(true);
            if (field.get(null) instanceof Path directory) {
                Files.deleteIfExists(directory);
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            LOG.debug("ONNX Runtime's temporary directory stays: {}", e.toString());
        }
    }
}
