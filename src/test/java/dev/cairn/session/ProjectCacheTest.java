package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProjectCacheTest {
    private final AtomicLong clock = new AtomicLong(1_000);
    private final List<Promise<Resolution>> lookUps = new ArrayList<>();
    private final ProjectCache cache = new ProjectCache(
            directory -> {
                Promise<Resolution> promise = Promise.promise();
                lookUps.add(promise);
                return promise.future();
            },
            clock::get);

    private static Resolution named(String key) {
        return new Resolution(new Project(key, key), false);
    }

    @Test
    void missesOfOneDirectoryShareALookUp() {
        Future<Resolution> first = cache.resolve("/a");
        Future<Resolution> second = cache.resolve("/a");
        cache.resolve("/b");
        assertThat(lookUps).hasSize(2);
        lookUps.get(0).complete(named("a"));
        assertThat(first.result()).isEqualTo(named("a"));
        assertThat(second.result()).isEqualTo(named("a"));
    }

    @Test
    void anAgeingAnswerIsGivenAtOnceAndRenewed() {
        cache.resolve("/a");
        lookUps.get(0).complete(named("old"));
        clock.addAndGet(ProjectCache.FRESH_MS - 1);
        assertThat(cache.resolve("/a").result()).isEqualTo(named("old"));
        assertThat(lookUps).hasSize(1);
        clock.addAndGet(1);
        assertThat(cache.resolve("/a").result()).isEqualTo(named("old"));
        assertThat(cache.resolve("/a").result()).isEqualTo(named("old"));
        assertThat(lookUps).hasSize(2);
        lookUps.get(1).complete(named("new"));
        assertThat(cache.resolve("/a").result()).isEqualTo(named("new"));
    }

    @Test
    void anOldAnswerIsNotGiven() {
        cache.resolve("/a");
        lookUps.get(0).complete(named("old"));
        clock.addAndGet(ProjectCache.OLD_MS);
        Future<Resolution> again = cache.resolve("/a");
        assertThat(again.isComplete()).isFalse();
        lookUps.get(1).complete(named("new"));
        assertThat(again.result()).isEqualTo(named("new"));
    }

    @Test
    void aFailureIsToldAndNotRemembered() {
        Future<Resolution> first = cache.resolve("/a");
        lookUps.get(0).fail("disk on fire");
        assertThat(first.cause()).isInstanceOf(CairnException.class);
        cache.resolve("/a");
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void itIsBounded() {
        ProjectCache small = new ProjectCache(directory -> Future.succeededFuture(named(directory)), clock::get);
        for (int i = 0; i < ProjectCache.MOST + 100; i++) {
            small.resolve("/" + i);
        }
        assertThat(small.size()).isEqualTo(ProjectCache.MOST);
        for (int i = 0; i < 300; i++) {
            cache.resolve("/" + i);
        }
        assertThat(lookUps).hasSize(256);
        assertThat(cache.resolve("/x").cause()).isInstanceOf(CairnException.class);
    }
}
