package dev.cairn.bus.claudemem;

import dev.cairn.bus.ExportLine;
import dev.cairn.bus.Origin;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The memory of claude-mem, as one reads it from its beginning to its end; as it was when it was opened. Blocks; not
 * thread-safe.
 */
public interface ForeignMemory extends AutoCloseable {
    /** Opens one; the command line itself knows no database. */
    interface Opener {
        /**
         * Opens a copy that is made for it, so the file itself is only read, and whoever else has it open goes on.
         *
         * @param directory for the copy; it is empty again when the memory is closed
         * @param progress is told how many bytes were copied since it was told last
         * @throws CairnException INVALID_ARGUMENT for what is no readable file; CONFLICT for a file of another program, or a schema
         *     that is not known; STORAGE_FULL without room for the copy; each names the remedy
         */
        ForeignMemory open(
                java.nio.file.Path file, java.nio.file.Path directory, java.util.function.LongConsumer progress);
    }

    /**
     * A row.
     *
     * @param position rises from row to row, from 1
     * @param kind of {@link Origin}
     * @param createdAt epoch milliseconds; null, or no time, when nobody knows
     */
    record Key(
            long position, String kind, long id, @Nullable Long createdAt) {
        /** What the row is called in imports. */
        public String origin() {
            return new Origin(RowLines.MEMORY, kind, Long.toString(id)).toString();
        }
    }

    /**
     * A row's lines.
     *
     * @param before the session and the turn that it refers to, as far as it has them
     */
    record Lines(List<ExportLine> before, RowLines.Mapped row) {
        public Lines {
            before = List.copyOf(before);
        }
    }

    /**
     * A project, which claude-mem knows by name only.
     *
     * @param directories where its tools worked, the most frequent first; at most a few
     */
    record Named(String name, long rows, List<String> directories) {
        public Named {
            directories = List.copyOf(directories);
        }
    }

    /** The version of its tables; null when it does not say. */
    @Nullable
    Integer schema();

    /** How many rows there are of each kind of {@link Origin}. */
    Map<String, Long> counts();

    /** Its projects, by name. */
    List<Named> projects();

    /** The next rows behind a position: sessions, then prompts, observations and summaries by time, then tool uses by time. */
    List<Key> keys(long after, int most);

    /**
     * A row.
     *
     * @param projects the project of a name; null for one of which nothing is to be taken
     */
    Lines read(Key key, Function<String, @Nullable Project> projects);

    @Override
    void close();
}
