package dev.cairn.observer.claude;

import dev.cairn.config.CairnConfig;
import java.nio.file.Path;

/**
 * The directories of one child, for its owner alone, gone with it.
 *
 * @param top holds the others
 * @param work its working directory, empty
 * @param temporary its TMPDIR
 * @param instructions the file with its system prompt
 */
record Seat(Path top, Path work, Path temporary, Path instructions) {
    static Seat at(Path top) {
        // A short name: the program keeps sockets in its TMPDIR, and a socket's path has at most 107 characters.
        return new Seat(top, top.resolve(CairnConfig.AGENT_DIRECTORY), top.resolve("t"), top.resolve("system.txt"));
    }
}
