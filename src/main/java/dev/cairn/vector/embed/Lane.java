package dev.cairn.vector.embed;

import dev.cairn.model.CairnException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One thread, and the texts that wait for it, of which there is a bound. The thread starts with the first, and stays. */
final class Lane {
    private final ThreadPoolExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int bound;
    private final String what;

    /**
     * @param what waits, for messages
     * @param first is run by the thread before anything else
     */
    Lane(String name, String what, int bound, Runnable first) {
        this.what = what;
        this.bound = bound;
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), body -> {
            Runnable whole = () -> {
                first.run();
                body.run();
            };
            Thread created = new Thread(whole, name);
            created.setDaemon(true);
            return created;
        });
    }

    /**
     * Queues work on so many texts. What comes of it may be a {@link CairnException} that is unavailable: too many wait,
     * or the lane is closed.
     */
    <T> CompletableFuture<T> submit(int texts, Callable<T> body) {
        int before = waiting.getAndUpdate(count -> count + texts > bound ? count : count + texts);
        if (before + texts > bound) {
            return CompletableFuture.failedFuture(
                    CairnException.unavailable("at most " + bound + " " + what + " may wait to be embedded, and "
                            + before + " do, so there is no room for " + texts + " more; try again later"));
        }
        Task<T> task = new Task<>(texts, body);
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            task.refuse();
        }
        return task.result;
    }

    /** Makes the thread now: a thread has the priority of the one that makes it, for good. */
    void start() {
        thread.prestartCoreThread();
    }

    boolean isClosed() {
        return thread.isShutdown();
    }

    static CairnException closed() {
        return CairnException.unavailable("no text is embedded any more: the worker stops");
    }

    /** Takes nothing more, and refuses what waits; what is under way goes on. */
    void close() {
        thread.shutdown();
        for (Runnable left = thread.getQueue().poll();
                left != null;
                left = thread.getQueue().poll()) {
            if (left instanceof Task<?> task) {
                task.refuse();
            }
        }
    }

    /** Blocks until what is under way is done, at most so long. */
    boolean awaitEnd(long deadlineMs) throws InterruptedException {
        return thread.awaitTermination(deadlineMs, TimeUnit.MILLISECONDS);
    }

    private final class Task<T> implements Runnable {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final int texts;
        private final Callable<T> body;

        private Task(int texts, Callable<T> body) {
            this.texts = texts;
            this.body = body;
        }

        @Override
        public void run() {
            try {
                T value = body.call();
                waiting.addAndGet(-texts);
                result.complete(value);
            } catch (Throwable e) {
                waiting.addAndGet(-texts);
                result.completeExceptionally(e);
            }
        }

        private void refuse() {
            waiting.addAndGet(-texts);
            result.completeExceptionally(closed());
        }
    }
}
