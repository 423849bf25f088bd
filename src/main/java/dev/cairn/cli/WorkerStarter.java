package dev.cairn.cli;

import dev.cairn.config.CairnConfig;
import java.util.List;

/** Starts the worker in the background; the command line itself starts no process. */
public interface WorkerStarter {
    /**
     * Starts it and waits until it is ready. Blocks.
     *
     * @param arguments what the worker is started with, such as {@code -conf FILE}
     * @param timeoutMs how long to wait, in milliseconds
     * @return 0 when it is ready; otherwise the exit code, after saying why on standard error
     */
    int start(CairnConfig config, List<String> arguments, long timeoutMs);
}
