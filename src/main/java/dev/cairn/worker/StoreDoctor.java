package dev.cairn.worker;

import dev.cairn.cli.DatabaseDoctor;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.BackupReport;
import dev.cairn.model.CairnException;
import dev.cairn.model.DatabaseReport;
import dev.cairn.model.ErrorCode;
import dev.cairn.store.DatabaseBackup;
import dev.cairn.store.DatabaseRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The store's own doctor, with the worker kept out while it operates. */
public final class StoreDoctor implements DatabaseDoctor {
    @Override
    public DatabaseReport check(CairnConfig config) {
        requireDatabase(config, "nothing to look at");
        return new DatabaseRepair(config.database()).check();
    }

    @Override
    public DatabaseReport repair(CairnConfig config) {
        requireDatabase(config, "nothing to repair");
        try (InstanceLock lock = InstanceLock.acquire(config.dataDir())) {
            return new DatabaseRepair(config.database()).repair(Instant.now());
        } catch (IOException e) {
            throw new CairnException(ErrorCode.INTERNAL, "the lock of the data directory failed: " + e, null, e);
        }
    }

    @Override
    public BackupReport backup(CairnConfig config, Path copy) {
        requireDatabase(config, "nothing to copy");
        return new DatabaseBackup(config.database()).to(copy);
    }

    private static void requireDatabase(CairnConfig config, String so) {
        if (!Files.isRegularFile(config.database())) {
            throw CairnException.notFound("there is no database " + config.database() + "; " + so);
        }
    }
}
