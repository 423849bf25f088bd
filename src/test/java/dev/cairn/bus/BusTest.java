package dev.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static CairnException refusal(Future<?> future) throws Exception {
        try {
            await(future);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(CairnException.class);
            return (CairnException) e.getCause();
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void recordsTravelByReferenceWithinAJvm() throws Exception {
        ContextQuery query = new ContextQuery("p", null);
        ContextText answer = new ContextText("p", "text", 1, List.of(), List.of());
        bus.serve(Addresses.CONTEXT_BUILD, received -> {
            assertThat(received).isSameAs(query);
            return Future.succeededFuture(answer);
        });
        assertThat(await(bus.request(Addresses.CONTEXT_BUILD, query))).isSameAs(answer);
    }

    @Test
    void aRefusalKeepsItsCodeMessageAndField() throws Exception {
        bus.serve(Addresses.CONTEXT_BUILD, query -> {
            throw CairnException.invalid("maxTokens", "maxTokens must be 100 to 2500");
        });
        CairnException refusal = refusal(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("p", 1)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal.field()).isEqualTo("maxTokens");
        assertThat(refusal.getMessage()).isEqualTo("maxTokens must be 100 to 2500");
    }

    @Test
    void nobodyServingIsUnavailableAndSilenceIsATimeout() throws Exception {
        ContextQuery query = new ContextQuery("p", null);
        assertThat(refusal(bus.request(Addresses.CONTEXT_BUILD, query)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        Promise<ContextText> never = Promise.promise();
        bus.serve(Addresses.CONTEXT_BUILD, received -> never.future());
        assertThat(refusal(bus.request(Addresses.CONTEXT_BUILD, query, 100)).code())
                .isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void everyAddressSurvivesTheWireOfACluster() {
        SearchQuery query = new SearchQuery(
                "a \"b c\"",
                List.of(Kind.PROMPT),
                List.of("bugfix"),
                List.of(),
                null,
                "p",
                null,
                null,
                1L,
                2L,
                5,
                0,
                SearchOrder.NEWEST,
                true);
        RecordCodec<SearchQuery> codec = new RecordCodec<>(SearchQuery.class);
        Buffer wire = Buffer.buffer("xx");
        codec.encodeToWire(wire, query);
        assertThat(codec.decodeFromWire(2, wire)).isEqualTo(query);
    }

    @Test
    void aClientThatKnowsNoCorrectionsMaySaveStill() {
        NewMemory memory =
                WireFormat.decode("{\"text\":\"t\",\"project\":\"p\",\"facts\":[],\"files\":[]}", NewMemory.class);
        assertThat(memory).isEqualTo(new NewMemory("t", null, null, "p", List.of(), List.of(), null));
        assertThat(memory.supersedes()).isEmpty();
        NewMemory correcting = new NewMemory("t", null, null, "p", List.of(), List.of(), null, null, List.of(3L));
        assertThat(WireFormat.decode(WireFormat.encode(correcting), NewMemory.class))
                .isEqualTo(correcting);
    }

    @Test
    void unknownFieldsAreIgnoredAndMissingOnesRefusedByName() {
        assertThat(WireFormat.decode("{\"project\":\"p\",\"future\":1}", ContextQuery.class))
                .isEqualTo(new ContextQuery("p", null));
        assertThatThrownBy(() -> WireFormat.decode("{}", ContextQuery.class))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.field()).isEqualTo("project"));
        assertThatThrownBy(() -> WireFormat.decode(
                        "{\"memories\":[{\"project\":\"p\",\"facts\":[],\"files\":[]}]," + "\"platform\":\"api\"}",
                        SaveMemories.class))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.field()).isEqualTo("memories[0].text"));
        assertThatThrownBy(() -> WireFormat.decode("{\"project\":\"p\",\"maxTokens\":\"many\"}", ContextQuery.class))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.field()).isEqualTo("maxTokens"));
        assertThatThrownBy(() -> WireFormat.decode("[]", ContextQuery.class)).isInstanceOf(CairnException.class);
        assertThatThrownBy(() -> WireFormat.decode("{", ContextQuery.class)).isInstanceOf(CairnException.class);
    }
}
