package dev.cairn.cli;

import dev.cairn.bus.WireFormat;
import dev.cairn.model.BackupReport;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** All of the memory in one file. */
@Command(
        name = "backup",
        description = {
            "Copies the database to one file, while the worker runs or not, and looks through the copy for damage.",
            "Put in the place of cairn.db while no worker runs, it is the memory of that moment again."
        })
final class BackupCommand extends WorkerCommand.Reading {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'cairn-'yyyyMMdd'T'HHmmss'Z.db'").withZone(ZoneOffset.UTC);

    @Parameters(
            paramLabel = "FILE",
            required = false,
            description = "The copy, which must not be there yet; cairn-TIME.db in this directory without it.")
    @Nullable
    String file;

    private final DatabaseDoctor doctor;

    BackupCommand(Session session, DatabaseDoctor doctor) {
        super(session);
        this.doctor = doctor;
    }

    @Override
    public Integer call() {
        String file = this.file;
        Path copy = Path.of(file == null ? NAME.format(Instant.now()) : file).toAbsolutePath();
        BackupReport report = doctor.backup(config(), copy);
        System.out.println(
                json
                        ? WireFormat.encode(report)
                        : "copied " + Texts.count(report.memories(), "memory", "memories") + ", "
                                + Texts.bytes(report.bytes()) + ", to " + report.file());
        return DONE;
    }
}
