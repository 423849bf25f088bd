package dev.cairn.cli;

import dev.cairn.cli.install.AgentInstaller;
import dev.cairn.cli.install.Installers;
import dev.cairn.cli.install.Plan;
import dev.cairn.cli.install.Site;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.HttpConfig;
import dev.cairn.config.InstanceFile;
import dev.cairn.model.CairnException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands that plug the worker into coding agents. They need no worker. */
final class InstallCommands {
    private InstallCommands() {}

    private abstract static class Changing extends WorkerCommand {
        @Option(names = "--dry-run", description = "Only shows what would be changed.")
        boolean dryRun;

        Changing(Session session) {
            super(session);
        }

        /** Where the worker is to be found: where it runs, else where it is configured to. */
        final Site site(CairnConfig config, List<String> notes) {
            Map<String, String> environment = session.environment();
            String home = environment.getOrDefault("HOME", "");
            Optional<InstanceFile> running = session.running(config);
            HttpConfig http = config.http();
            if (http.port() == 0) {
                notes.add(
                        "http.port is 0: the worker will be elsewhere after its next start, and so must install again");
            }
            return new Site(
                    Path.of(home.isBlank() ? System.getProperty("user.home") : home)
                            .toAbsolutePath(),
                    environment,
                    config.dataDir().toAbsolutePath().normalize(),
                    running.map(InstanceFile::url).orElseGet(() -> configured(http)),
                    http.tokenRequired() ? http.token() : null);
        }

        private static String configured(HttpConfig http) {
            String host = http.host().indexOf(':') < 0 ? http.host() : "[" + http.host() + "]";
            return "http://" + host + ":" + http.port();
        }

        /** Shows the plan, and carries it out unless only that was wanted. */
        final int carryOut(Plan plan, Site site, List<String> notes, String done, String nothing) throws IOException {
            if (plan.isEmpty()) {
                System.out.println(nothing);
                return DONE;
            }
            if (!dryRun) {
                plan.apply();
            }
            plan.lines(site.token()).forEach(System.out::println);
            if (dryRun) {
                System.out.println("nothing was changed");
                return DONE;
            }
            System.out.println(done);
            plan.notes().forEach(note -> System.out.println("note: " + note));
            notes.forEach(note -> System.out.println("note: " + note));
            return DONE;
        }
    }

    @Command(
            name = "install",
            description = {
                "Plugs the worker into a coding agent; without a name, lists what it can be plugged into.",
                "Shows every file it changes; uninstall undoes it."
            })
    static final class Install extends Changing {
        @Parameters(paramLabel = "AGENT", description = "The agent, such as claude-code.", required = false)
        @Nullable
        String agent;

        @Option(names = "--json", description = "The list as JSON.")
        boolean json;

        Install(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws IOException {
            CairnConfig config = config();
            List<String> notes = new ArrayList<>();
            Site site = site(config, notes);
            if (agent == null) {
                return list(site);
            }
            if (json) {
                throw misuse("--json goes with the list; leave AGENT out");
            }
            AgentInstaller installer = Installers.of(agent);
            if (site.url().endsWith(":0")) {
                throw CairnException.invalid(
                        "http.port", "http.port is 0, and no worker runs to tell its port; start it, or set a port");
            }
            return carryOut(
                    installer.install(site),
                    site,
                    notes,
                    installer.title() + " uses the worker at " + site.url() + " from its next session on",
                    installer.title() + " uses the worker at " + site.url() + " already");
        }

        private int list(Site site) throws IOException {
            Table table = new Table("AGENT", "NAME", "STATE", "SETTINGS");
            List<Map<String, Object>> items = new ArrayList<>();
            for (AgentInstaller installer : Installers.all()) {
                AgentInstaller.State state = installer.state(site);
                Path registration = installer.registration(site);
                table.row(installer.name(), installer.title(), state, registration);
                Map<String, Object> item = new LinkedHashMap<>();
                item.put("agent", installer.name());
                item.put("name", installer.title());
                item.put("state", state.toString());
                item.put("settings", registration.toString());
                items.add(item);
            }
            if (json) {
                System.out.println(JsonTree.write(items));
            } else {
                table.print(terminal());
            }
            return DONE;
        }
    }

    @Command(
            name = "uninstall",
            description = {"Takes the worker out of a coding agent again.", "What it knows stays."})
    static final class Uninstall extends Changing {
        @Parameters(paramLabel = "AGENT", description = "The agent, such as claude-code.")
        String agent = "";

        Uninstall(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws IOException {
            CairnConfig config = config();
            List<String> notes = new ArrayList<>(List.of("the memories stay in " + config.dataDir()));
            AgentInstaller installer = Installers.of(agent);
            Site site = site(config, new ArrayList<>());
            return carryOut(
                    installer.uninstall(site),
                    site,
                    notes,
                    installer.title() + " is as it was before",
                    installer.title() + " does not use this worker");
        }
    }
}
