package dev.cairn.bus;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON: on the wire of a cluster and, through the HTTP routes, for everybody else.
 *
 * <p>Enum constants are lower-case words. Fields that are null are left out. Reading ignores unknown fields and refuses a
 * missing one by its name: a component without {@code @Nullable} must be there. Thread-safe.
 */
public final class WireFormat {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private WireFormat() {}

    /** The mapper itself, for code that writes trees. It must not be configured further. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    public static String encode(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw unwritable(value, e);
        }
    }

    /** The same as bytes, without the detour of a string. */
    public static byte[] encodeUtf8(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw unwritable(value, e);
        }
    }

    private static IllegalArgumentException unwritable(Object value, JsonProcessingException e) {
        return new IllegalArgumentException(
                "Not writable as JSON: " + value.getClass().getName(), e);
    }

    /**
     * Reads a record.
     *
     * @throws CairnException INVALID_ARGUMENT naming the field that is missing or of the wrong type
     */
    public static <T> T decode(String json, Class<T> type) {
        try {
            return decode(MAPPER.readTree(json), type);
        } catch (JsonProcessingException e) {
            throw new CairnException(ErrorCode.INVALID_ARGUMENT, "not valid JSON: " + e.getOriginalMessage(), null, e);
        }
    }

    /** The same from a tree that was read already. */
    public static <T> T decode(JsonNode tree, Class<T> type) {
        requireComponents(tree, type, "");
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw refusal(e);
        }
    }

    private static CairnException refusal(JsonProcessingException e) {
        if (e.getCause() instanceof CairnException cause) {
            return cause;
        }
        StringBuilder path = new StringBuilder();
        if (e instanceof MismatchedInputException mismatch) {
            for (var reference : mismatch.getPath()) {
                if (reference.getFieldName() != null) {
                    path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
                } else {
                    path.append('[').append(reference.getIndex()).append(']');
                }
            }
        }
        String wanted = e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? mismatch.getTargetType().getSimpleName()
                : "another value";
        String message = e instanceof InvalidFormatException invalid
                ? "'" + invalid.getValue() + "' is not a " + wanted
                : "must be a " + wanted;
        return new CairnException(ErrorCode.INVALID_ARGUMENT, path + ": " + message, path.toString(), e);
    }

    private static void requireComponents(JsonNode tree, Class<?> type, String path) {
        if (!type.isRecord()) {
            return;
        }
        if (!tree.isObject()) {
            throw CairnException.invalid(path, (path.isEmpty() ? "the body" : path) + " must be a JSON object");
        }
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode value = tree.get(component.getName());
            String at = path.isEmpty() ? component.getName() : path + "." + component.getName();
            if (value == null || value.isNull()) {
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    throw CairnException.invalid(at, at + " is missing; it is required");
                }
                continue;
            }
            requireWithin(value, component.getGenericType(), at);
        }
    }

    private static void requireWithin(JsonNode value, Type type, String at) {
        if (type instanceof Class<?> nested) {
            requireComponents(value, nested, at);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == List.class && value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode item = value.get(i);
                if (item.isNull()) {
                    throw CairnException.invalid(at, at + "[" + i + "] is null; leave it out");
                }
                requireWithin(item, generic.getActualTypeArguments()[0], at + "[" + i + "]");
            }
        }
    }
}
