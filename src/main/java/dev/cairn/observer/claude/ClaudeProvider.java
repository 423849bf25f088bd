package dev.cairn.observer.claude;

import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelProvider;
import dev.cairn.observer.spi.ProviderContext;
import dev.cairn.process.ChildProcesses;

/**
 * Asks Claude Code, as it is installed and logged in on this machine. Each observer has a child of its own, which starts with
 * its first question and ends when it has been idle.
 */
public final class ClaudeProvider implements ModelProvider {
    private final ChildProcesses processes;

    /** @param processes of the worker, which own the children */
    public ClaudeProvider(ChildProcesses processes) {
        this.processes = processes;
    }

    @Override
    public String name() {
        return "claude";
    }

    @Override
    public Model open(ProviderContext context) {
        return new ClaudeModel(context, processes.owner("observer"));
    }
}
