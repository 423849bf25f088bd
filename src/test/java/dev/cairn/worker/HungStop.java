package dev.cairn.worker;

import dev.cairn.chain.Lifecycle;
import java.util.concurrent.CountDownLatch;

/** A program whose stop never comes to its end, under the watchdog. */
final class HungStop {
    private HungStop() {}

    /** @param args the deadline of the stop in milliseconds */
    public static void main(String[] args) {
        Lifecycle lifecycle = new Lifecycle();
        StopWatchdog.arm(lifecycle, Long.parseLong(args[0]));
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            lifecycle.beginStop("the program ends");
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        System.exit(0);
    }
}
