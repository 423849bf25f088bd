package dev.cairn.cli;

import dev.cairn.config.CairnConfig;
import dev.cairn.model.BackupReport;
import dev.cairn.model.DatabaseReport;
import java.nio.file.Path;

/** Looks at the database's file, puts it right and copies it; the command line itself knows no database. All methods block. */
public interface DatabaseDoctor {
    /**
     * Looks, and changes nothing. A worker may run.
     *
     * @throws dev.cairn.model.CairnException NOT_FOUND when there is no database
     */
    DatabaseReport check(CairnConfig config);

    /**
     * Repairs when something is wrong: what can be read goes into a new database, the damaged file is kept aside.
     *
     * @throws dev.cairn.model.CairnException CONFLICT while a worker runs, NOT_FOUND when there is no database, STORAGE_FULL
     *     when there is no room for the new one; the damaged file is where it was then
     */
    DatabaseReport repair(CairnConfig config);

    /**
     * Copies the database, as it is now, to one file. A worker may run.
     *
     * @param copy must not be there
     * @throws dev.cairn.model.CairnException NOT_FOUND when there is no database, CONFLICT when the copy's name is taken, UNAVAILABLE
     *     when the database is damaged; nothing is left of the copy then
     */
    BackupReport backup(CairnConfig config, Path copy);
}
