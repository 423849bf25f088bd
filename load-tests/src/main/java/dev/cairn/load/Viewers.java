package dev.cairn.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Many clients of the live stream on one thread: the generator shares two cores with what it measures. */
final class Viewers implements AutoCloseable {
    private static final byte[] MARK = "\ndata: ".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector = Selector.open();
    private final AtomicLong events = new AtomicLong();
    private final Thread reader = new Thread(this::read, "viewers");

    Viewers(int port, int count) throws IOException {
        byte[] request = ("GET /stream HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new int[1]);
        }
        reader.setDaemon(true);
        reader.start();
    }

    /** How many events all of them were told together. */
    long events() {
        return events.get();
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        try {
            while (selector.isOpen()) {
                selector.select(key -> read(key, buffer));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) {
        try {
            buffer.clear();
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                throw new IOException("a viewer was cut");
            }
            buffer.flip();
            int[] matched = (int[]) key.attachment();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                matched[0] = next == MARK[matched[0]] ? matched[0] + 1 : next == MARK[0] ? 1 : 0;
                if (matched[0] == MARK.length) {
                    matched[0] = 0;
                    events.incrementAndGet();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
