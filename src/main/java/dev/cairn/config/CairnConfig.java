package dev.cairn.config;

import java.nio.file.Path;

/**
 * The whole configuration, validated.
 *
 * @param settings the same key by key, with the sources, and the settings file
 */
public record CairnConfig(
        Path dataDir,
        HttpConfig http,
        StoreConfig store,
        ObserverConfig observer,
        VectorConfig vector,
        SearchConfig search,
        ProcessConfig process,
        WatchdogConfig watchdog,
        ProjectConfig project,
        PrivacyConfig privacy,
        ContextConfig context,
        LogConfig log,
        Settings settings) {

    /**
     * What the working directory of an agent is called that the worker starts itself: some hooks tell no more of a directory than
     * its name.
     */
    public static final String AGENT_DIRECTORY = "cairn-observer";

    /** The database's file. */
    public Path database() {
        return dataDir.resolve("cairn.db");
    }

    /** Where agents that the worker starts have their directories; what happens there is never recorded. */
    public Path agents() {
        return dataDir.resolve("agents");
    }
}
