package dev.cairn.store;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database to the schema of this build, one version in one transaction each. */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    /** The scripts in their order: the first makes version 1. One that was released never changes. */
    static final List<String> SCRIPTS = List.of(
            "0001_memory.sql",
            "0002_vector.sql",
            "0003_process.sql",
            "0004_meaning.sql",
            "0005_told.sql",
            "0006_supersession.sql",
            "0007_imported.sql",
            "0008_ingestion.sql",
            "0009_observers.sql");

    /** This version's script empties the full-text index, for another way to write it. */
    private static final int REINDEXED = 4;

    private Migrations() {}

    static int newest() {
        return SCRIPTS.size();
    }

    /** @throws CairnException CONFLICT when the database was written by a newer build */
    static void requireKnown(int version, Object file) {
        if (version > newest()) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " has schema version " + version + ", and this build knows versions up to " + newest()
                            + "; start the newer build that wrote it, or give another data directory");
        }
    }

    /** @throws CairnException CONFLICT when the database has any other schema than this build's */
    static void requireNewest(int version, Object file) {
        requireKnown(version, file);
        if (version < newest()) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " has schema version " + version + ", and reading needs " + newest()
                            + "; start the worker of this build once, which brings it up to date");
        }
    }

    static void run(Connection connection, int version) throws SQLException {
        for (int next = version + 1; next <= newest(); next++) {
            String script = read(SCRIPTS.get(next - 1));
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("BEGIN IMMEDIATE");
                try {
                    statement.executeUpdate(script);
                    if (next == REINDEXED && version > 0) {
                        LOG.info("The full-text index is written anew");
                        new Reindex(new Transaction(connection)).rows();
                    }
                    statement.executeUpdate("PRAGMA user_version = " + next);
                    statement.executeUpdate("COMMIT");
                } catch (SQLException e) {
                    statement.executeUpdate("ROLLBACK");
                    throw e;
                }
            }
        }
    }

    private static String read(String name) {
        try (InputStream script = Migrations.class.getResourceAsStream("migrations/" + name)) {
            if (script == null) {
                throw new IllegalStateException("the build lacks the migration " + name);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
