package dev.cairn.http;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client of the live stream that reads when it is told to. */
final class StreamClient implements AutoCloseable {
    /** What the stream told between two empty lines. */
    record Block(
            @Nullable String event,
            @Nullable String id,
            @Nullable String data,
            List<String> lines) {
        JsonObject json() {
            return new JsonObject(data);
        }
    }

    private final Socket socket = new Socket();
    private final BufferedReader in;
    final List<String> head = new ArrayList<>();
    private String lastId = "";

    private StreamClient(int port, String path, String headers, boolean reading) throws IOException {
        if (!reading) {
            socket.setReceiveBufferSize(4 * 1024);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        socket.setSoTimeout(10_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        if (reading) {
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.add(line);
            }
        }
    }

    /** Opens the stream and reads its head. */
    static StreamClient open(HttpHarness http, String path, String headers) {
        try {
            StreamClient client = new StreamClient(http.port(), path, headers, true);
            if (!client.head.get(0).contains(" 200 ")) {
                throw new AssertionError(client.head);
            }
            client.block();
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StreamClient open(HttpHarness http) {
        return open(http, "/stream", "");
    }

    /** Opens the stream where another left it, as a browser does; what it is told first is still to be read. */
    static StreamClient resume(HttpHarness http, String path, String lastId) {
        try {
            return new StreamClient(http.port(), path, "Last-Event-ID: " + lastId + "\r\n", true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the stream and never reads a byte of it. */
    static StreamClient deaf(HttpHarness http) {
        try {
            return new StreamClient(http.port(), "/stream", "", false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What this client would come back with. */
    String lastId() {
        return lastId;
    }

    /** The next event; passes over what is none. */
    Block event() {
        Block block = block();
        while (block != null && block.event() == null) {
            block = block();
        }
        if (block == null) {
            throw new AssertionError("the stream ended");
        }
        return block;
    }

    /** The next lines up to an empty one; null when the stream has ended. */
    @Nullable
    Block block() {
        String event = null;
        String data = null;
        List<String> lines = new ArrayList<>();
        try {
            for (String line = line(); line != null; line = line()) {
                if (!line.isEmpty()) {
                    lines.add(line);
                    event = line.startsWith("event: ") ? line.substring(7) : event;
                    data = line.startsWith("data: ") ? line.substring(6) : data;
                    lastId = line.startsWith("id: ") ? line.substring(4) : lastId;
                } else if (!lines.isEmpty()) {
                    return new Block(event, lastId, data, lines);
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line of the body; the chunks' own lines, which are hexadecimal lengths and the ends after them, are left out. */
    private @Nullable String line() throws IOException {
        String line = in.readLine();
        while (line != null && line.matches("[0-9a-f]+")) {
            if (line.equals("0")) {
                return null;
            }
            line = in.readLine();
        }
        return line;
    }

    /** Whether the other side ends the connection within the deadline; reads whatever comes before. */
    boolean isCut(int deadlineMs) throws IOException {
        socket.setSoTimeout(deadlineMs);
        try {
            long ends = System.nanoTime() + deadlineMs * 1_000_000L;
            while (System.nanoTime() < ends) {
                if (in.read() < 0) {
                    return true;
                }
            }
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
