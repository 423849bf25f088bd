package dev.cairn.worker;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The other end of {@code sd_notify}: a datagram socket as systemd binds it. Linux. */
public final class NotifyReceiver implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int EAGAIN = 11;

    /** The names are the C library's own. */
    public interface LibC extends Library {
        int socket(int domain, int type, int protocol) throws LastErrorException;

        int socketpair(int domain, int type, int protocol, int[] pair) throws LastErrorException;

        int bind(int fd, byte[] address, int length) throws LastErrorException;

        int setsockopt(int fd, int level, int name, byte[] value, int length) throws LastErrorException;

        NativeLong recv(int fd, byte[] data, NativeLong length, int flags) throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    private static final LibC LIBC = Native.load("c", LibC.class);

    private final int fd;
    private final int otherEnd;

    private NotifyReceiver(int fd, int otherEnd) {
        this.fd = fd;
        this.otherEnd = otherEnd;
    }

    /** @param name a path, or an abstract name that begins with {@code @} */
    public static NotifyReceiver bind(String name) throws IOException {
        int fd = LIBC.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        byte[] address = LocalSockets.address(name);
        LIBC.bind(fd, address, address.length);
        return new NotifyReceiver(fd, -1);
    }

    /** Both ends of a channel as Node makes it for a child; the child's is {@link #otherEnd()}. */
    public static NotifyReceiver pair() {
        int[] pair = new int[2];
        LIBC.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
        return new NotifyReceiver(pair[0], pair[1]);
    }

    public int otherEnd() {
        return otherEnd;
    }

    /** The next message, or null when none comes within this time. */
    public @Nullable String receive(Duration within) {
        long micros = Math.max(1_000, within.toNanos() / 1_000);
        ByteBuffer time = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        time.putLong(micros / 1_000_000).putLong(micros % 1_000_000);
        LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time.array(), time.capacity());
        byte[] data = new byte[4_096];
        try {
            int length = LIBC.recv(fd, data, new NativeLong(data.length), 0).intValue();
            return new String(data, 0, length, StandardCharsets.UTF_8);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == EAGAIN) {
                return null;
            }
            throw e;
        }
    }

    /** Takes what was sent so far, and what still is, until nothing came for this time. */
    public void drain(Duration quiet) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (receive(quiet) != null) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("messages go on coming");
            }
        }
    }

    @Override
    public void close() {
        LIBC.close(fd);
        if (otherEnd >= 0) {
            LIBC.close(otherEnd);
        }
    }
}
