package dev.cairn.observer.claude;

import dev.cairn.config.OwnerOnly;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and removes the directories of children, and looks for their program. All methods block, and are thread-safe. */
final class Seats {
    private static final Logger LOG = LoggerFactory.getLogger(Seats.class);
    /** Names what this JVM made: all else is what a crash left, as the data directory has one worker at a time. */
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8) + "-";

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Path root;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Set<Seat> made = ConcurrentHashMap.newKeySet();

    /**
     * @param root where the directories are made
     * @param environment the child's, whose PATH is searched
     */
    Seats(Path root, List<String> command, Map<String, String> environment) {
        this.root = root;
        this.command = command;
        this.environment = environment;
    }

    /**
     * Makes the directories of a child.
     *
     * @throws ModelException SETUP when the program is not there, or the directories cannot be made
     */
    Seat prepare(String instructions) {
        findProgram();
        Seat seat = Seat.at(root.resolve(RUN + NUMBERS.incrementAndGet()));
        made.add(seat);
        try {
            OwnerOnly.directory(root);
            for (Path directory : List.of(seat.top(), seat.work(), seat.temporary())) {
                OwnerOnly.directory(directory);
            }
            OwnerOnly.ensure(seat.instructions());
            Files.writeString(seat.instructions(), instructions, StandardCharsets.UTF_8);
            return seat;
        } catch (IOException e) {
            remove(seat);
            throw new ModelException(
                    Fault.SETUP,
                    "the directory for Claude Code cannot be made under " + root + " (" + e
                            + "); make the data directory writable",
                    null,
                    e);
        }
    }

    /** Looked for at each start: it may be installed, replaced or removed while the worker runs. */
    private void findProgram() {
        String program = command.isEmpty() ? "" : command.get(0);
        if (program.isBlank()) {
            throw new ModelException(
                    Fault.SETUP, "observer.claude.command is empty; name Claude Code's program, such as claude");
        }
        if (program.contains("/") || program.contains(File.separator)) {
            if (!Files.isExecutable(Path.of(program))) {
                throw new ModelException(
                        Fault.SETUP,
                        "there is no program " + program + "; install Claude Code, or set observer.claude.command to"
                                + " where it is");
            }
            return;
        }
        String path = environment.getOrDefault("PATH", "");
        for (String directory : path.split(File.pathSeparator, -1)) {
            Path found = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(found) && !Files.isDirectory(found)) {
                return;
            }
        }
        throw new ModelException(
                Fault.SETUP,
                "there is no program " + program + " on the worker's PATH (" + (path.isEmpty() ? "empty" : path)
                        + "); install Claude Code, or set observer.claude.command to its full path");
    }

    /** Removes the directories of a child that is gone. What cannot be removed is left to the next start. */
    void remove(Seat seat) {
        if (made.remove(seat)) {
            removeTree(seat.top());
        }
    }

    /** Removes all that are left of those made here; their children are gone. */
    void removeAll() {
        made.forEach(this::remove);
    }

    /** Removes what children of earlier runs left. */
    void removeLeftovers() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            for (Path entry : all) {
                if (!entry.getFileName().toString().startsWith(RUN)) {
                    removeTree(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.trace("No child of Claude Code was started here before", e);
        } catch (IOException e) {
            LOG.warn("What earlier runs left in {} cannot be listed: {}", root, e.toString());
        }
    }

    private static void removeTree(Path top) {
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            LOG.trace("{} is gone already", top, e);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", top, e.toString());
        }
    }
}
