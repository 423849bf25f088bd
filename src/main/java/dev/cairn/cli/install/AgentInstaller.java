package dev.cairn.cli.install;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Plugs Cairn into one coding agent by files alone: the agent itself is never run. Reads and plans; whoever asked shows the
 * {@link Plan} and carries it out. Refusals are {@link dev.cairn.model.CairnException}s that name the file and the remedy:
 * CONFLICT for what is not ours to change, INVALID_ARGUMENT for settings of ours that do not fit.
 */
public interface AgentInstaller {
    /** How it is called on the command line, such as {@code claude-code}. */
    String name();

    /** The agent's name for people. */
    String title();

    /** The agent's own file that decides whether it uses Cairn. */
    Path registration(Site site);

    /** Whether the agent uses Cairn as this machine's settings stand. */
    State state(Site site) throws IOException;

    /** What is to be changed so that the agent uses the worker of {@code site}; empty when it does already. */
    Plan install(Site site) throws IOException;

    /** What is to be changed so that all is as it was before {@link #install}, edits of others apart; empty when it is. */
    Plan uninstall(Site site) throws IOException;

    /** How an agent stands to Cairn. */
    enum State {
        INSTALLED("installed"),
        /** Installed for a worker elsewhere, with another token, or by another version: install again. */
        OUTDATED("outdated"),
        ABSENT("not installed"),
        /** Its settings cannot be read, or name something of ours that is not ours: install says what. */
        UNCLEAR("unclear");

        private final String word;

        State(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}
