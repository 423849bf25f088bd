package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import dev.cairn.worker.NotifyReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real jar under a service manager that speaks systemd's protocol. */
@EnabledOnOs(OS.LINUX)
class NotifyIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration WATCHDOG = Duration.ofSeconds(2);

    @TempDir
    Path dir;

    private Map<String, String> environment(Path socket) {
        return Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", String.valueOf(WATCHDOG.toNanos() / 1_000));
    }

    @Test
    void itSaysWhenItIsReadyThatItLivesAndWhenItStops() throws Exception {
        Path socket = dir.resolve("notify");
        try (NotifyReceiver systemd = NotifyReceiver.bind(socket.toString());
                WorkerProcess worker = WorkerProcess.launch(dir, environment(socket), List.of())) {
            assertThat(systemd.receive(DEADLINE))
                    .isEqualTo("READY=1\nSTATUS=Ready at " + worker.url() + "\nMAINPID=" + worker.pid());
            assertThat(worker.api().get("/health/ready").status()).isEqualTo(200);
            long begin = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                assertThat(systemd.receive(WATCHDOG)).isEqualTo("WATCHDOG=1");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("half of the limit apart")
                    .isGreaterThan(WATCHDOG.dividedBy(2));
            worker.terminate();
            String next = systemd.receive(DEADLINE);
            while (next != null && next.equals("WATCHDOG=1")) {
                next = systemd.receive(DEADLINE);
            }
            assertThat(next).startsWith("STOPPING=1\n");
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(systemd.receive(Duration.ofMillis(200))).isNull();
        }
    }

    @Test
    @DisplayName("B3: with one event loop held, the watchdog gets no ping; with all going again it does")
    void aHeldEventLoopKeepsThePingBack() throws Exception {
        Path socket = dir.resolve("notify");
        List<String> debugger = List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        try (NotifyReceiver systemd = NotifyReceiver.bind(socket.toString());
                WorkerProcess worker = WorkerProcess.launch(dir, environment(socket), debugger, List.of())) {
            worker.awaitReady();
            assertThat(systemd.receive(DEADLINE)).startsWith("READY=1\n");
            VirtualMachine jvm = attach(worker);
            List<ThreadReference> loops = jvm.allThreads().stream()
                    .filter(thread -> thread.name().startsWith("vert.x-eventloop-thread-"))
                    .toList();
            assertThat(loops).hasSizeGreaterThanOrEqualTo(2);
            for (ThreadReference loop : loops) {
                assertThat(systemd.receive(WATCHDOG.multipliedBy(2))).isEqualTo("WATCHDOG=1");
                loop.suspend();
                try {
                    // The round of before may have ended; the next one cannot.
                    systemd.drain(WATCHDOG);
                    assertThat(systemd.receive(WATCHDOG)).as("%s is held", loop).isNull();
                } finally {
                    loop.resume();
                }
            }
            assertThat(systemd.receive(WATCHDOG.multipliedBy(2))).isEqualTo("WATCHDOG=1");
            jvm.dispose();
        }
    }

    @Test
    void aServiceManagerThatIsGoneChangesNothing() throws Exception {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", dir.resolve("gone").toString(), "NODE_CHANNEL_FD", "3");
        try (WorkerProcess worker = WorkerProcess.launch(dir, environment, List.of())) {
            assertThat(worker.api().get("/health/ready").status()).isEqualTo(200);
            worker.awaitError("The service manager was not told");
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(worker.errors().stream()
                            .filter(line -> line.contains("service manager"))
                            .toList())
                    .hasSize(1);
        }
    }

    private static VirtualMachine attach(WorkerProcess worker) throws Exception {
        String listening = worker.output().stream()
                .filter(line -> line.startsWith("Listening for transport"))
                .findFirst()
                .orElseThrow();
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(listening.replaceAll(".*[ :](\\d+)$", "$1"));
        return connector.attach(arguments);
    }
}
