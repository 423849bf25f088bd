package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PartStatus;
import dev.cairn.model.CairnException;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What systemd and PM2 are told, on real sockets. */
@EnabledOnOs(OS.LINUX)
class ServiceManagerTest {
    private static final long PID = 4711;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    /** Long enough for several pings; a ping in it fails a test, none in it cannot make one pass by chance. */
    private static final Duration MANY_INTERVALS = INTERVAL.multipliedBy(8);

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(3)
            .setMaxEventLoopExecuteTime(1)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.MINUTES));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void keepTheLog() {
        log.start();
        ((Logger) LoggerFactory.getLogger(ServiceManager.class)).addAppender(log);
    }

    @AfterEach
    void close() throws Exception {
        ((Logger) LoggerFactory.getLogger(ServiceManager.class)).detachAppender(log);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String path() {
        return dir.resolve("notify").toString();
    }

    private static String micros(Duration duration) {
        return String.valueOf(duration.toNanos() / 1_000);
    }

    private ServiceManager watched(String socket) {
        return ServiceManager.of(
                Map.of(
                        "NOTIFY_SOCKET",
                        socket,
                        "WATCHDOG_USEC",
                        micros(INTERVAL.multipliedBy(2)),
                        "WATCHDOG_PID",
                        "4711"),
                PID);
    }

    @Test
    void readinessNamesStateAndPidAndAStopIsTold() throws Exception {
        try (NotifyReceiver systemd = NotifyReceiver.bind(path())) {
            ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path()), PID);
            manager.ready(vertx, "Ready at http://127.0.0.1:1");
            assertThat(systemd.receive(SOON)).isEqualTo("READY=1\nSTATUS=Ready at http://127.0.0.1:1\nMAINPID=4711");
            manager.stopping();
            assertThat(systemd.receive(SOON)).startsWith("STOPPING=1\n");
        }
    }

    @Test
    void aNameInTheAbstractNamespaceIsReached() throws Exception {
        String name = "@cairn-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try (NotifyReceiver systemd = NotifyReceiver.bind(name)) {
            ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID).stopping();
            assertThat(systemd.receive(SOON)).startsWith("STOPPING=1\n");
        }
    }

    @Test
    void aWorkerThatStopsAlreadyIsNotSaidToBeReady() throws Exception {
        try (NotifyReceiver systemd = NotifyReceiver.bind(path())) {
            ServiceManager manager = watched(path());
            manager.stopping();
            manager.ready(vertx, "Ready");
            assertThat(systemd.receive(SOON)).startsWith("STOPPING=1\n");
            assertThat(systemd.receive(MANY_INTERVALS)).isNull();
        }
    }

    @Test
    void pingsGoOnUntilTheStop() throws Exception {
        try (NotifyReceiver systemd = NotifyReceiver.bind(path())) {
            ServiceManager manager = watched(path());
            manager.ready(vertx, "Ready");
            assertThat(systemd.receive(SOON)).startsWith("READY=1\n");
            for (int i = 0; i < 5; i++) {
                assertThat(systemd.receive(SOON)).isEqualTo("WATCHDOG=1");
            }
            manager.stopping();
            String last = systemd.receive(SOON);
            while (last != null && last.equals("WATCHDOG=1")) {
                last = systemd.receive(SOON);
            }
            assertThat(last).startsWith("STOPPING=1\n");
            assertThat(systemd.receive(MANY_INTERVALS)).isNull();
        }
    }

    @Test
    @DisplayName(
            "B3: whichever event loop is blocked, nobody is told that the worker lives; when it is free again they are")
    void noPingWhileALoopIsBlocked() throws Exception {
        try (NotifyReceiver systemd = NotifyReceiver.bind(path())) {
            watched(path()).ready(vertx, "Ready");
            assertThat(systemd.receive(SOON)).startsWith("READY=1\n");
            int loops = 0;
            for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
                assertThat(systemd.receive(SOON)).isEqualTo("WATCHDOG=1");
                CountDownLatch blocked = new CountDownLatch(1);
                CountDownLatch release = new CountDownLatch(1);
                loop.execute(() -> {
                    blocked.countDown();
                    await(release);
                });
                await(blocked);
                try {
                    // The round of before may have ended.
                    systemd.drain(INTERVAL.multipliedBy(3));
                    assertThat(systemd.receive(MANY_INTERVALS))
                            .as("loop %s is blocked", loops)
                            .isNull();
                } finally {
                    release.countDown();
                }
                assertThat(systemd.receive(SOON)).isEqualTo("WATCHDOG=1");
                loops++;
            }
            assertThat(loops).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("B3: a part that answers nothing counts as blocked; one that is down or absent does not")
    void noPingWhileAPartDoesNotAnswer() throws Exception {
        Bus bus = new Bus(vertx);
        bus.serve(Addresses.health("store"), any -> Future.failedFuture(CairnException.unavailable("down")));
        try (NotifyReceiver systemd = NotifyReceiver.bind(path())) {
            watched(path()).ready(vertx, "Ready");
            assertThat(systemd.receive(SOON)).startsWith("READY=1\n");
            assertThat(systemd.receive(SOON)).isEqualTo("WATCHDOG=1");
            assertThat(systemd.receive(SOON)).isEqualTo("WATCHDOG=1");
            Promise<PartStatus> never = Promise.promise();
            var stuck = bus.serve(Addresses.health("sessions"), any -> never.future());
            stuck.completion().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            systemd.drain(INTERVAL.multipliedBy(3));
            assertThat(systemd.receive(MANY_INTERVALS)).isNull();
            stuck.unregister();
            assertThat(systemd.receive(SOON)).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void aWatchdogForAnotherProcessIsNotServed() throws Exception {
        try (NotifyReceiver systemd = NotifyReceiver.bind(path())) {
            ServiceManager.of(
                            Map.of(
                                    "NOTIFY_SOCKET",
                                    path(),
                                    "WATCHDOG_USEC",
                                    micros(INTERVAL.multipliedBy(2)),
                                    "WATCHDOG_PID",
                                    "4712"),
                            PID)
                    .ready(vertx, "Ready");
            assertThat(systemd.receive(SOON)).startsWith("READY=1\n");
            assertThat(systemd.receive(MANY_INTERVALS)).isNull();
        }
    }

    @Test
    void nodesChannelGetsTheReadyLineOnce() {
        try (NotifyReceiver node = NotifyReceiver.pair()) {
            ServiceManager manager = ServiceManager.of(Map.of("NODE_CHANNEL_FD", String.valueOf(node.otherEnd())), PID);
            manager.ready(vertx, "Ready");
            assertThat(node.receive(SOON)).isEqualTo("\"ready\"\n");
            manager.stopping();
            assertThat(node.receive(MANY_INTERVALS)).isNull();
        }
    }

    @Test
    void aDescriptorThatIsNoChannelIsLeftAlone() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "kept");
        try (var open = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            int fd = descriptorOf(file);
            ServiceManager.of(Map.of("NODE_CHANNEL_FD", String.valueOf(fd)), PID)
                    .ready(vertx, "Ready");
            awaitLogged(1);
            assertThat(open.length()).isEqualTo(4);
        }
        assertThat(Files.readString(file)).isEqualTo("kept");
    }

    private static int descriptorOf(Path file) throws Exception {
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                if (Files.exists(link) && Files.isSameFile(link, file)) {
                    return Integer.parseInt(link.getFileName().toString());
                }
            }
        }
        throw new AssertionError("not open: " + file);
    }

    @Test
    void aSocketNobodyReadsIsLoggedOnceAndHarmless() throws Exception {
        ServiceManager manager = watched(dir.resolve("gone").toString());
        manager.ready(vertx, "Ready");
        awaitLogged(1);
        try (NotifyReceiver later = NotifyReceiver.bind(dir.resolve("gone").toString())) {
            assertThat(later.receive(SOON)).as("tried again").isEqualTo("WATCHDOG=1");
        }
        manager.stopping();
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage()).contains("gone");
    }

    @Test
    void variablesThatMakeNoSenseAreLeftAlone() throws Exception {
        for (Map<String, String> environment : java.util.List.of(
                Map.of("NOTIFY_SOCKET", "vsock:2:1"),
                Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200)),
                Map.of("NODE_CHANNEL_FD", "three"),
                Map.of("NODE_CHANNEL_FD", "3", "NODE_CHANNEL_SERIALIZATION_MODE", "advanced"),
                Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "soon"))) {
            log.list.clear();
            ServiceManager manager = ServiceManager.of(environment, PID);
            manager.ready(vertx, "Ready");
            manager.stopping();
            awaitLogged(1);
        }
    }

    private void awaitLogged(int lines) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (log.list.size() < lines) {
            assertThat(System.nanoTime()).as("nothing was logged").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
