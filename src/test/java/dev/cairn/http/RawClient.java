package dev.cairn.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection that sends exactly the bytes it is told to. */
final class RawClient implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;

    RawClient(int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        socket.setSoTimeout(10_000);
        // Headers and body go out in two writes; the second must not wait for the first one's acknowledgement.
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A POST of JSON as Claude Code sends it. */
    RawClient post(String path, byte[] body) throws IOException {
        return post(path, body, Map.of());
    }

    /** The same with more headers. */
    RawClient post(String path, byte[] body, Map<String, String> headers) throws IOException {
        StringBuilder more = new StringBuilder();
        headers.forEach(
                (name, value) -> more.append(name).append(": ").append(value).append("\r\n"));
        send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/plain, */*\r\n"
                + "Content-Type: application/json\r\nUser-Agent: axios/1.15.2\r\nAccept-Encoding: gzip, compress, deflate, br\r\n"
                + more + "Content-Length: " + body.length + "\r\n\r\n");
        return send(body);
    }

    /** Reads one answer; throws EOFException when the connection ended instead. */
    Reply read() throws IOException {
        return read(true);
    }

    Reply readHead() throws IOException {
        return read(false);
    }

    private Reply read(boolean withBody) throws IOException {
        String status = line();
        int code = status.indexOf(' ') + 1;
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (withBody && "chunked".equals(headers.get("transfer-encoding"))) {
            return new Reply(Integer.parseInt(status.substring(code, code + 3)), headers, chunks());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = withBody ? in.readNBytes(length) : new byte[0];
        return new Reply(
                Integer.parseInt(status.substring(code, code + 3)), headers, new String(body, StandardCharsets.UTF_8));
    }

    private String chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(length));
            line();
        }
        line();
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Whether the other side closes the connection within the deadline, with nothing more to say. */
    boolean isClosedByPeer() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Says that nothing more is sent. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether anything more arrives before the other side closes. */
    boolean hasMore() throws IOException {
        in.mark(1);
        try {
            if (in.read() < 0) {
                return false;
            }
        } catch (java.net.SocketException e) {
            return false;
        }
        in.reset();
        return true;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
