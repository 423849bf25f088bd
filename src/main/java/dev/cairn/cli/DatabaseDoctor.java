package dev.cairn.cli;

import dev.cairn.config.CairnConfig;
import dev.cairn.model.DatabaseReport;

/** Looks at the database's file and puts it right; the command line itself knows no database. Both methods block. */
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
}
