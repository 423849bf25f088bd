package dev.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever another node of a cluster sends: it is read, or refused with the field's name. */
class AnyWireTest {
    private static final int MESSAGES = 2_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static List<Address<?, ?>> addresses() {
        return Arrays.stream(Addresses.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Address.class)
                .<Address<?, ?>>map(field -> {
                    try {
                        return (Address<?, ?>) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("addresses")
    @DisplayName("H7: any message on the bus is read or refused by name")
    void anyMessageIsReadOrRefused(Address<?, ?> address) {
        Random random = new Random(address.name().hashCode());
        RecordCodec<?> codec = new RecordCodec<>(address.request());
        for (int i = 0; i < MESSAGES; i++) {
            JsonNode message = random.nextInt(20) == 0 ? any(random, 3) : nearly(random, address.request(), 3);
            byte[] json = message.toString().getBytes(StandardCharsets.UTF_8);
            Buffer wire = Buffer.buffer().appendInt(json.length).appendBytes(json);
            assertThatCode(() -> readOrRefuse(codec, wire)).as("%s", message).doesNotThrowAnyException();
        }
    }

    private static void readOrRefuse(RecordCodec<?> codec, Buffer wire) {
        try {
            assertThat((Object) codec.decodeFromWire(0, wire)).isNotNull();
        } catch (CairnException refusal) {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(refusal.getMessage()).isNotBlank();
        }
    }

    /** Mostly what the record wants, with something wrong here and there. */
    private static JsonNode nearly(Random random, Type type, int depth) {
        if (random.nextInt(12) == 0) {
            return any(random, depth);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            var array = JSON.arrayNode();
            for (int i = random.nextInt(3); i > 0; i--) {
                array.add(nearly(random, generic.getActualTypeArguments()[0], depth - 1));
            }
            return array;
        }
        if (!(type instanceof Class<?> plain)) {
            return any(random, depth);
        }
        if (plain.isRecord()) {
            ObjectNode object = JSON.objectNode();
            for (RecordComponent component : plain.getRecordComponents()) {
                if (random.nextInt(15) > 0) {
                    object.set(component.getName(), nearly(random, component.getGenericType(), depth - 1));
                }
            }
            return object;
        }
        if (plain.isEnum()) {
            Object[] constants = plain.getEnumConstants();
            return JSON.textNode(constants[random.nextInt(constants.length)].toString());
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return JSON.booleanNode(random.nextBoolean());
        }
        return plain == String.class ? JSON.textNode(text(random)) : JSON.numberNode(random.nextInt(1_000));
    }

    private static JsonNode any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(random.nextDouble() * 1e300);
            case 4 -> JSON.textNode(text(random));
            case 5 -> JSON.numberNode(new java.math.BigInteger(80, random));
            case 6 -> JSON.textNode("");
            case 7 -> JSON.arrayNode().add(any(random, depth - 1));
            default -> JSON.objectNode().set(text(random), any(random, depth - 1));
        };
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(6), 0, 0x3000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
