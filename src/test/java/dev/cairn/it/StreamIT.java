package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live stream of the real worker. */
class StreamIT {
    @TempDir
    Path dir;

    private static void save(Api api, int number, int length) throws Exception {
        String text = "memory " + number + " " + "x".repeat(length);
        String json = "{\"text\":\"" + text + "\",\"title\":\"title " + number + "\",\"project\":\"kestrel\"}";
        assertThat(api.post("/api/memories", json).status()).isEqualTo(201);
    }

    private static String title(LiveStream.Event event) {
        return event.data().path("title").asText();
    }

    @Test
    void aDroppedConnectionLosesAndDoublesNothing() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            List<String> told = new ArrayList<>();
            LiveStream stream = new LiveStream(worker.url(), "");
            for (int i = 0; i < 200; i++) {
                save(api, i, 10);
                if (i % 20 == 7) {
                    told.add(title(stream.next("observation")));
                    stream.close();
                    stream = new LiveStream(worker.url(), stream.lastId());
                }
            }
            while (told.size() < 200) {
                LiveStream.Event event = stream.next();
                assertThat(event).isNotNull();
                assertThat(event.name()).as("nothing else happens").isEqualTo("observation");
                told.add(title(event));
            }
            stream.close();
            assertThat(told)
                    .isEqualTo(
                            IntStream.range(0, 200).mapToObj(i -> "title " + i).toList());
        }
    }

    @Test
    void aRecordedSessionIsToldAsItHappens() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir);
                LiveStream stream = new LiveStream(worker.url(), "")) {
            for (String name : Recording.ORDER) {
                assertThat(worker.api().post("/hooks", Recording.body(name)).status())
                        .isEqualTo(200);
            }
            List<String> names = new ArrayList<>();
            while (!names.contains("summary")) {
                LiveStream.Event event = stream.next();
                assertThat(event).isNotNull();
                assertThat(event.data().path("project").asText()).isEqualTo(Recording.CWD);
                names.add(event.name());
            }
            assertThat(names).startsWith("session").contains("prompt", "toolUse", "observation");
        }
    }

    @Test
    void oneThatNeverReadsHarmsNobody() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir);
                Socket deaf = new Socket();
                LiveStream stream = new LiveStream(worker.url(), "")) {
            deaf.setReceiveBufferSize(4 * 1024);
            deaf.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), URI.create(worker.url()).getPort()));
            deaf.getOutputStream()
                    .write("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 400; i++) {
                save(worker.api(), i, 20_000);
                assertThat(title(stream.next("observation"))).isEqualTo("title " + i);
            }
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    @Test
    void aQuietStreamBeatsAndAStopEndsIt() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir);
                LiveStream stream = new LiveStream(worker.url(), "")) {
            long begin = System.nanoTime();
            String line = stream.line();
            while (line != null && !line.equals(": beat")) {
                line = stream.line();
            }
            assertThat(line).isEqualTo(": beat");
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
                    .isBetween(5L, 20L);
            String before = stream.lastId();
            worker.terminate();
            assertThat(stream.next("end").data().path("reason").asText()).contains("stops");
            assertThat(stream.next()).isNull();
            assertThat(worker.awaitExit()).isEqualTo(143);
            try (WorkerProcess again = WorkerProcess.start(dir);
                    LiveStream back = new LiveStream(again.url(), before)) {
                LiveStream.Event reset = back.next();
                assertThat(reset).isNotNull();
                assertThat(reset.name()).as("another run's ids mean nothing").isEqualTo("reset");
            }
        }
    }
}
