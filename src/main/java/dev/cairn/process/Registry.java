package dev.cairn.process;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was started, on disk, for the worker that comes after a crash: one file a generation, one JSON object a line, appended
 * only. The intent to start a child is on the disk before the child is. Thread-safe.
 */
final class Registry implements AutoCloseable {
    static final String SUFFIX = ".jsonl";

    /** One line of the file. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            What what,
            @Nullable Integer child,
            @Nullable Long pid,
            @Nullable Long startedAt,
            @Nullable Long birthmark,
            @Nullable String boot,
            @Nullable String kind,
            @Nullable String owner,
            @Nullable List<String> argv) {}

    /** OWNER is the worker itself; KIN is what a child started and left behind. */
    enum What {
        OWNER,
        INTENT,
        BORN,
        KIN,
        GONE
    }

    private final Path file;
    private final FileChannel channel;

    private Registry(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Registry create(Path directory, String generation, Proc self, String boot) throws IOException {
        Path file = directory.resolve(generation + SUFFIX);
        Registry registry = new Registry(
                file, OwnerOnly.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
        registry.write(new Entry(What.OWNER, null, self.pid(), self.startedAt(), null, boot, null, null, null), true);
        return registry;
    }

    void intent(int child, ChildSpec spec, String owner) throws IOException {
        write(new Entry(What.INTENT, child, null, null, null, null, spec.kind(), owner, spec.argv()), true);
    }

    void born(int child, Proc proc, long birthmark) throws IOException {
        write(new Entry(What.BORN, child, proc.pid(), proc.startedAt(), birthmark, null, null, null, null), false);
    }

    void kin(int child, Proc proc, long birthmark) throws IOException {
        write(new Entry(What.KIN, child, proc.pid(), proc.startedAt(), birthmark, null, null, null, null), false);
    }

    void gone(int child) throws IOException {
        write(new Entry(What.GONE, child, null, null, null, null, null, null, null), false);
    }

    private synchronized void write(Entry entry, boolean force) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((WireFormat.encode(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        if (force) {
            channel.force(false);
        }
    }

    /** Everything this generation started is gone: the next has nothing to look for. */
    void remove() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
