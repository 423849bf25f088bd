package dev.cairn.store;

import static dev.cairn.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    /** As the writer does: later, on the caller's context. */
    private Future<Boolean> later(boolean more) {
        Promise<Boolean> answer = Promise.promise();
        vertx.getOrCreateContext().runOnContext(any -> answer.complete(more));
        return answer.future();
    }

    @Test
    void veryManyStepsComeToAnEnd() {
        AtomicInteger steps = new AtomicInteger();
        await(Repeat.whileTrue(() -> later(steps.incrementAndGet() < 100_000)));
        assertThat(steps).hasValue(100_000);
    }

    @Test
    void theFirstFailureIsTheEnd() {
        AtomicInteger steps = new AtomicInteger();
        Future<Void> failed = Repeat.whileTrue(() -> steps.incrementAndGet() < 3
                ? later(true)
                : later(true).compose(any -> Future.failedFuture(new IllegalStateException("the disk"))));
        assertThatThrownBy(() -> await(failed)).hasMessage("the disk");
        Future<Void> thrown = Repeat.whileTrue(() -> {
            throw new IllegalStateException("the step");
        });
        assertThatThrownBy(() -> await(thrown)).hasMessage("the step");
        assertThat(steps).hasValue(3);
    }
}
