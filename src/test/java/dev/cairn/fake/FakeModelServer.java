package dev.cairn.fake;

import dev.cairn.observer.ask.Answers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Models behind HTTP on a loopback address, all three APIs on one port: {@code url(dialect)} goes into the provider's
 * {@code url} setting, {@link #KEY} into its {@code apiKey}. A request without the key, to another path, or with a body that is
 * not of the API, is refused as the API does it. What is answered to the others is told by {@link #answers}; without that, the
 * model says {@code {}}.
 *
 * <p>It writes to the socket itself, so that answers may break the rules of HTTP.
 */
public final class FakeModelServer implements AutoCloseable {
    /** The key it knows. */
    public static final String KEY = "key-for-tests-0123456789abcdef";

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "fake-model");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Asked, Answer> script = request -> Answer.says(request, "{}");
    private volatile boolean keyless;

    private FakeModelServer(ServerSocket listening) {
        this.listening = listening;
    }

    public static FakeModelServer start() throws IOException {
        return start(0);
    }

    /** On this port, as a server does that comes back; 0 for any. */
    public static FakeModelServer start(int port) throws IOException {
        FakeModelServer server = new FakeModelServer(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
        server.threads.execute(server::accept);
        return server;
    }

    /** What the provider's {@code url} setting is for this API. */
    public String url(Dialect dialect) {
        return "http://127.0.0.1:" + port() + dialect.base();
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Tells what every request is answered from now on. The function runs on the connection's thread and may block. */
    public FakeModelServer answers(Function<Asked, Answer> answer) {
        script = answer;
        return this;
    }

    /** Each request is answered by a model that says what the function tells: JSON, where the request has a schema. */
    public FakeModelServer says(Function<Asked, String> text) {
        return answers(request -> Answer.says(request, text.apply(request)));
    }

    /** Each request is answered with an observation for each tool use it tells of, and a summary when it ends a turn. */
    public FakeModelServer observing() {
        return says(request -> Answers.each(String.join("\n\n", request.says())));
    }

    /** Asks for no key from now on. */
    public FakeModelServer keyless() {
        keyless = true;
        return this;
    }

    /** The requests that were of an API and had the key, in the order in which they came. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** How many connections were ever made. */
    public int connections() {
        return connections.get();
    }

    /** How many connections are open. */
    public int open() {
        return open.size();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            while (exchange(in, out, socket)) {
                socket.setSoTimeout(0);
            }
        } catch (IOException gone) {
            // The other side went away, which is its right.
        } finally {
            open.remove(socket);
        }
    }

    private boolean exchange(InputStream in, OutputStream out, Socket socket) throws IOException {
        String start = line(in);
        if (start == null) {
            return false;
        }
        String[] words = start.split(" ", -1);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return send(answer(words[0], words[1], headers, body), in, out, socket);
    }

    private Answer answer(String method, String target, Map<String, String> headers, byte[] body) {
        // Through a proxy the whole URL is asked for.
        String path = target.replaceFirst("^http://[^/]+", "");
        Dialect dialect = Dialect.of(path);
        if (dialect == null || !method.equals("POST")) {
            return Answer.json(
                    404, "{\"error\":{\"type\":\"not_found_error\",\"message\":\"no such path: " + path + "\"}}");
        }
        Asked request = new Asked(dialect, path, headers, Dialect.tree(body));
        if (!keyless && !KEY.equals(request.key())) {
            return Answer.error(request, 401, "authentication_error", "the key is not known");
        }
        String wrong = dialect.wrong(request);
        if (wrong != null) {
            return Answer.error(request, 400, "invalid_request_error", wrong);
        }
        asked.add(request);
        return script.apply(request);
    }

    /** Whether the connection may be used again. */
    private static boolean send(Answer answer, InputStream in, OutputStream out, Socket socket) throws IOException {
        if (!released(answer, in, socket) || answer.status() == 0) {
            return false;
        }
        byte[] body = answer.body().getBytes();
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " \r\n");
        answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append("Content-Length: " + (answer.declared() < 0 ? body.length : answer.declared()) + "\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        int length = answer.sent() < 0 ? body.length : Math.min(answer.sent(), body.length);
        int piece = answer.pauseMs() == 0 ? length : 16;
        for (int at = 0; at < length; at += Math.max(1, piece)) {
            out.write(body, at, Math.min(piece, length - at));
            out.flush();
            if (answer.pauseMs() > 0) {
                pause(answer.pauseMs());
            }
        }
        out.flush();
        return answer.sent() < 0;
    }

    /** Waits for the answer's time; false when the other side went away before. */
    private static boolean released(Answer answer, InputStream in, Socket socket) throws IOException {
        while (!answer.release().isDone()) {
            socket.setSoTimeout(20);
            try {
                in.mark(1);
                if (in.read() < 0) {
                    return false;
                }
                in.reset();
                answer.release().get(60, TimeUnit.SECONDS);
            } catch (SocketTimeoutException stillThere) {
                // The answer's time is looked at again.
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                return false;
            }
        }
        return true;
    }

    private static void pause(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException();
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
