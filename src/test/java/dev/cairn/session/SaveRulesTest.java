package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.privacy.SecretSamples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SaveRulesTest extends SessionsFixture {
    private static NewMemory memory(String text, @Nullable String title, String... facts) {
        return new NewMemory(text, title, null, "/a/b", List.of(facts), List.of("x.txt"), null);
    }

    @Test
    @DisplayName("H5: memories saved by hand are filtered too")
    void savedMemoriesAreFiltered() throws Exception {
        deploy(new JsonObject());
        String token = SecretSamples.of("anthropic-key");
        Saved ids = await(client.save(new SaveMemories(
                List.of(memory("key " + token, "t " + token, "f " + token, " "), memory("<private>x</private>", " ")),
                "api")));
        assertThat(ids.ids()).containsExactly(1L, 2L);
        List<NewMemory> memories = next(saved).memories();
        assertThat(memories.get(0).text()).isEqualTo("key [secret:anthropic-key]");
        assertThat(memories.get(0).title()).isEqualTo("t [secret:anthropic-key]");
        assertThat(memories.get(0).facts()).containsExactly("f [secret:anthropic-key]");
        assertThat(memories.get(1)).isEqualTo(memory("[private]", null));
    }

    @Test
    void whatAMemoryCorrectsIsHandedOnUpToABound() throws Exception {
        deploy(new JsonObject());
        List<Long> ids = java.util.stream.LongStream.rangeClosed(1, 21).boxed().toList();
        await(client.save(new SaveMemories(List.of(correcting(ids.subList(0, 20))), "api")));
        assertThat(next(saved).memories().get(0).supersedes()).isEqualTo(ids.subList(0, 20));
        assertSaveRefused("memories[0].supersedes", new SaveMemories(List.of(correcting(ids)), "api"));
    }

    private static NewMemory correcting(List<Long> ids) {
        return new NewMemory("text", null, null, "/a/b", List.of(), List.of(), null, null, ids);
    }

    @Test
    void tenThousandMemoriesGoInOneRequestAndMoreAreRefused() throws Exception {
        deploy(new JsonObject());
        List<NewMemory> many = IntStream.range(0, 10_000)
                .mapToObj(i -> memory("memory " + i, null))
                .toList();
        assertThat(await(client.save(new SaveMemories(many, "api"))).ids()).hasSize(10_000);
        assertThat(next(saved).memories()).isEqualTo(many);
        List<NewMemory> more =
                IntStream.range(0, 10_001).mapToObj(i -> memory("memory", null)).toList();
        assertSaveRefused("memories", new SaveMemories(more, "api"));
        assertSaveRefused("memories", new SaveMemories(List.of(), "api"));
        assertSaveRefused("platform", new SaveMemories(List.of(memory("a", null)), "A P I"));
        assertSaveRefused("memories[1].text", new SaveMemories(List.of(memory("a", null), memory(" ", null)), "api"));
        assertSaveRefused("memories[0].text", new SaveMemories(List.of(memory("a".repeat(100_001), null)), "api"));
        assertSaveRefused("memories[0].title", new SaveMemories(List.of(memory("a", "t".repeat(301))), "api"));
        assertSaveRefused(
                "memories[0].project",
                new SaveMemories(List.of(new NewMemory("a", null, null, "", List.of(), List.of(), null)), "api"));
        assertSaveRefused(
                "memories[0].type",
                new SaveMemories(List.of(new NewMemory("a", null, "No Type", "p", List.of(), List.of(), null)), "api"));
        assertSaveRefused(
                "memories[0].createdAt",
                new SaveMemories(List.of(new NewMemory("a", null, null, "p", List.of(), List.of(), -1L)), "api"));
        assertThat(saved).isEmpty();
    }

    private void assertSaveRefused(String field, SaveMemories request) {
        assertThatThrownBy(() -> await(client.save(request))).isInstanceOfSatisfying(CairnException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(refusal.field()).isEqualTo(field);
        });
    }

    @Test
    void aTitleThatGrowsByAMarkerStillFits() throws Exception {
        deploy(new JsonObject().put("privacy", new JsonObject().put("patterns", new JsonArray().add("Q"))));
        await(client.save(new SaveMemories(List.of(memory("Q".repeat(100_000), "Q".repeat(300))), "api")));
        NewMemory memory = next(saved).memories().get(0);
        assertThat(memory.title()).hasSize(300).startsWith("[secret:pattern]");
        assertThat(memory.text()).hasSize(100_000);
    }
}
