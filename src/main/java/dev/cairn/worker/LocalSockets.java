package dev.cairn.worker;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Local sockets as the JDK has none: datagrams, and descriptors that were inherited. Linux and macOS only. Every method may
 * block for {@link #SEND_TIMEOUT_S} seconds; the first call loads the native library.
 */
final class LocalSockets {
    /** How long a receiver with a full queue is waited for, in seconds. */
    private static final int SEND_TIMEOUT_S = 2;

    private static final boolean MAC = System.getProperty("os.name", "").startsWith("Mac");
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = MAC ? 0xffff : 1;
    private static final int SO_SNDTIMEO = MAC ? 0x1005 : 21;
    /** macOS has no such flag; there the JVM's own handling of SIGPIPE does. */
    private static final int MSG_NOSIGNAL = MAC ? 0 : 0x4000;

    private static final int FAMILY_BYTES = 2;
    private static final int MAX_PATH_BYTES = MAC ? 103 : 107;

    /** The names are the C library's own. */
    interface LibC extends Library {
        int socket(int domain, int type, int protocol) throws LastErrorException;

        int setsockopt(int fd, int level, int name, byte[] value, int length) throws LastErrorException;

        int getsockname(int fd, byte[] address, int[] length) throws LastErrorException;

        NativeLong sendto(int fd, byte[] data, NativeLong length, int flags, byte[] address, int addressLength)
                throws LastErrorException;

        NativeLong send(int fd, byte[] data, NativeLong length, int flags) throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    private static final class Loaded {
        static final LibC LIBC = Native.load("c", LibC.class);

        private Loaded() {}
    }

    private LocalSockets() {}

    /** Whether this system has what is needed here. Loads nothing. */
    static boolean supported() {
        return MAC || System.getProperty("os.name", "").equals("Linux");
    }

    /**
     * Sends one datagram.
     *
     * @param name a path, or a name in Linux's abstract namespace with {@code @} in front
     * @throws IOException when nobody receives there, or does not within the time-out
     */
    static void sendDatagram(String name, String text) throws IOException {
        byte[] address = address(name);
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        try {
            // A socket for each message: no descriptor is held that a child could inherit.
            int fd = Loaded.LIBC.socket(AF_UNIX, SOCK_DGRAM, 0);
            try {
                boundSends(fd);
                Loaded.LIBC.sendto(fd, data, new NativeLong(data.length), MSG_NOSIGNAL, address, address.length);
            } finally {
                Loaded.LIBC.close(fd);
            }
        } catch (LastErrorException e) {
            throw new IOException("no message could be sent to " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes to an inherited local socket, all or nothing for the short texts of here.
     *
     * @throws IOException when the descriptor is no local socket, or its other end is gone
     */
    static void write(int fd, String text) throws IOException {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        try {
            requireLocalSocket(fd);
            long sent = Loaded.LIBC
                    .send(fd, data, new NativeLong(data.length), MSG_NOSIGNAL)
                    .longValue();
            if (sent != data.length) {
                throw new IOException("descriptor " + fd + " took " + sent + " of " + data.length + " bytes");
            }
        } catch (LastErrorException e) {
            throw new IOException("descriptor " + fd + " could not be written: " + e.getMessage(), e);
        }
    }

    /** A variable that outlived its descriptor names some file of the JVM's own by now. */
    private static void requireLocalSocket(int fd) throws IOException {
        byte[] address = new byte[128];
        Loaded.LIBC.getsockname(fd, address, new int[] {address.length});
        int family = MAC
                ? address[1]
                : ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getShort();
        if (family != AF_UNIX) {
            throw new IOException("descriptor " + fd + " is no local socket");
        }
    }

    private static void boundSends(int fd) {
        // struct timeval: seconds and microseconds, each as wide as a long on the systems of here.
        ByteBuffer time = ByteBuffer.allocate(2 * NativeLong.SIZE).order(ByteOrder.nativeOrder());
        if (NativeLong.SIZE == Long.BYTES) {
            time.putLong(SEND_TIMEOUT_S).putLong(0);
        } else {
            time.putInt(SEND_TIMEOUT_S).putInt(0);
        }
        Loaded.LIBC.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time.array(), time.capacity());
    }

    /** A {@code sockaddr_un}: the family, then the path with its NUL, or a NUL and the abstract name. */
    static byte[] address(String name) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (!isAbstract && !name.startsWith("/")) {
            throw new IOException("'" + name + "' is neither a path nor an abstract name");
        }
        if (path.length > MAX_PATH_BYTES) {
            throw new IOException("'" + name + "' is longer than a socket's name can be");
        }
        int length = FAMILY_BYTES + path.length + (isAbstract ? 0 : 1);
        ByteBuffer address = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        if (MAC) {
            address.put((byte) length).put((byte) AF_UNIX);
        } else {
            address.putShort((short) AF_UNIX);
        }
        address.put(path);
        if (isAbstract) {
            address.put(FAMILY_BYTES, (byte) 0);
        }
        return address.array();
    }
}
