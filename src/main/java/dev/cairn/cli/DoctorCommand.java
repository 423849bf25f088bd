package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.DatabaseReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the worker is, and whether its database is sound. */
@Command(
        name = "doctor",
        description =
                "Says how the worker is and what protects its children on this machine; looks after the database.")
final class DoctorCommand extends WorkerCommand.Reading {
    private static final Map<String, String> LAYERS = layers();

    @Option(names = "--database", description = "Looks through the database's file; no worker is needed.")
    boolean database;

    @Option(
            names = "--repair",
            description = "Repairs a damaged database: what can be read goes into a new one. The worker must not run.")
    boolean repair;

    private final DatabaseDoctor doctor;

    DoctorCommand(Session session, DatabaseDoctor doctor) {
        super(session);
        this.doctor = doctor;
    }

    private static Map<String, String> layers() {
        Map<String, String> layers = new LinkedHashMap<>();
        layers.put("gate", "nothing is started once a stop has begun");
        layers.put("registry", "what is started stands on disk first");
        layers.put("reaper", "the next start ends what a crash left");
        layers.put("session", "each child has a session and a group of its own");
        layers.put("guardian", "a script outlives a killed worker and ends its children");
        layers.put("cookie", "everything a child starts carries its mark");
        layers.put("subreaper", "orphans are handed to the worker");
        layers.put("pidfd", "a signal cannot reach a later process of the same number");
        layers.put("birthmark", "a process is told from any other for good");
        layers.put("cgroup", "no process can leave its child's control group");
        return layers;
    }

    @Override
    public Integer call() {
        CairnConfig config = config();
        if (repair || database) {
            return database(repair ? doctor.repair(config) : doctor.check(config));
        }
        JsonNode processes = session.get(config, "/api/processes");
        JsonNode health = session.getAny(config, "/health");
        if (json) {
            System.out.println("{\"health\":" + health + ",\"processes\":" + processes + "}");
        } else {
            report(health, processes).forEach(System.out::println);
        }
        return health.path("status").asText().equals("up") ? DONE : FAILED;
    }

    private int database(DatabaseReport report) {
        boolean mended = report.damagedFile() != null;
        if (json) {
            System.out.println(WireFormat.encode(report));
        } else if (report.sound() && !mended) {
            System.out.println("the database is sound");
        } else {
            report.problems().forEach(System.out::println);
            if (mended) {
                Table table = new Table("TABLE", "RECOVERED", "LOST");
                for (DatabaseReport.Table row : report.tables()) {
                    table.row(row.name(), row.recovered(), row.lost() == null ? "not known" : row.lost());
                }
                table.print(terminal());
                System.out.println("the damaged file was put aside as " + report.damagedFile());
            } else {
                System.out.println("stop the worker and run 'cairn doctor --repair'");
            }
        }
        return report.sound() || mended ? DONE : FAILED;
    }

    private List<String> report(JsonNode health, JsonNode processes) {
        List<String> lines = new ArrayList<>();
        lines.add("worker " + health.path("version").asText() + " (pid "
                + health.path("pid").asLong() + "): "
                + terminal().state(health.path("status").asText()));
        lines.addAll(LifeCommands.parts(health.path("parts"), terminal()));
        lines.add("children are owned by");
        List<String> active = new ArrayList<>();
        processes.path("layers").forEach(layer -> active.add(layer.asText()));
        LAYERS.forEach((layer, meaning) -> {
            String word = active.contains(layer) ? "yes" : "no";
            String padding = " ".repeat(3 - word.length());
            lines.add(String.format(Locale.ROOT, "  %s%s %-10s %s", terminal().state(word), padding, layer, meaning));
        });
        if (!active.contains("cgroup")) {
            lines.add("  without control groups a child that clears its environment and leaves its parent within a"
                    + " quarter of a second before the worker is killed can escape");
        }
        int strays = processes.path("strays").size();
        lines.add(strays == 0 ? "no strays" : Texts.count(strays, "stray", "strays") + "; see cairn ps");
        return lines;
    }
}
