package dev.cairn.config;

import java.nio.file.Path;

/** The whole configuration, validated. */
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
        String logLevel) {

    /** The database's file. */
    public Path database() {
        return dataDir.resolve("cairn.db");
    }
}
