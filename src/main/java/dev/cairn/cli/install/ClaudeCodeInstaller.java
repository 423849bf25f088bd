package dev.cairn.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Claude Code: a plugin in a marketplace that is a directory, which the user's settings name and enable. The host reads both
 * settings at each start and the directory in place (seen with 2.1.330), so no program of it needs to be run.
 */
final class ClaudeCodeInstaller implements AgentInstaller {
    private static final String MARKETPLACES = "extraKnownMarketplaces";
    private static final String ENABLED = "enabledPlugins";
    private static final String MARKETPLACE = "cairn";
    private static final String PLUGIN = "cairn@cairn";

    @Override
    public String name() {
        return "claude-code";
    }

    @Override
    public String title() {
        return "Claude Code";
    }

    @Override
    public Path registration(Site site) {
        return home(site).resolve("settings.json");
    }

    @Override
    public State state(Site site) throws IOException {
        try {
            if (install(site).isEmpty()) {
                return State.INSTALLED;
            }
            JsonText settings = settings(site, Change.read(registration(site)));
            return ours(site, settings.get(MARKETPLACES, MARKETPLACE)) ? State.OUTDATED : State.ABSENT;
        } catch (CairnException e) {
            return State.UNCLEAR;
        }
    }

    @Override
    public Plan install(Site site) throws IOException {
        Path directory = site.plugins(name());
        Receipt receipt = Receipt.read(directory);
        Map<String, String> files = ClaudeCodeFiles.of(site);
        List<Change> changes = new ArrayList<>();
        List<Path> emptied = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            changes.add(Change.of(directory.resolve(file.getKey()), file.getValue()));
        }
        for (String former : receipt.files()) {
            if (!files.containsKey(former)) {
                changes.add(Change.of(directory.resolve(former), null));
                emptied.addAll(above(directory, former));
            }
        }
        Path settingsFile = registration(site);
        String text = Change.read(settingsFile);
        JsonText settings = settings(site, text);
        refuseAnother(site, settings);
        Receipt.@Nullable Registration old = receipt.of(settingsFile).orElse(null);
        Set<String> containers = new TreeSet<>(old == null ? List.of() : old.containers());
        for (String container : List.of(MARKETPLACES, ENABLED)) {
            if (settings.get(container) == null) {
                containers.add(container);
            }
        }
        JsonNode enabled = settings.get(ENABLED, PLUGIN);
        settings.set(marketplace(directory), MARKETPLACES, MARKETPLACE);
        settings.set(BooleanNode.TRUE, ENABLED, PLUGIN);
        List<String> notes = new ArrayList<>();
        Change command = command(site, old, notes);
        Receipt.Registration registration = old;
        boolean registered = settings.edits().isEmpty();
        if (old == null || !registered || (command.after() != null && !command.changesNothing())) {
            Set<String> made = new LinkedHashSet<>(old == null ? List.of() : old.directories());
            Plan.missing(settingsFile).forEach(missing -> made.add(missing.toString()));
            Plan.missing(command.file()).forEach(missing -> made.add(missing.toString()));
            registration = new Receipt.Registration(
                    settingsFile.toString(),
                    text == null || (old != null && old.made()),
                    List.copyOf(containers),
                    old != null ? old.previous() : enabled == null || registered ? null : enabled.toString(),
                    registered && old != null ? old.sha256() : Receipt.sha256(settings.text()),
                    registered && old != null ? old.edits() : settings.edits(),
                    command.after() == null ? null : Receipt.sha256(command.after()),
                    List.copyOf(made));
        }
        Receipt now = registration == null ? receipt : receipt.with(ClaudeCodeFiles.NAMES, registration);
        // Whoever is interrupted between the receipt and the settings can undo, and do again.
        changes.add(Change.of(directory.resolve(Receipt.NAME), now.toJson()));
        changes.add(command);
        changes.add(new Change(settingsFile, text, settings.text()));
        notes.add("sessions of Claude Code that run already go on without it");
        if (!onPath(site, "curl")) {
            notes.add("curl is not on the PATH: without it sessions are neither told anything nor summed up");
        }
        return new Plan(changes, emptied, notes);
    }

    @Override
    public Plan uninstall(Site site) throws IOException {
        Path directory = site.plugins(name());
        Receipt receipt = Receipt.read(directory);
        Path settingsFile = registration(site);
        Receipt.@Nullable Registration registration = receipt.of(settingsFile).orElse(null);
        List<String> notes = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        List<Path> emptied = new ArrayList<>();
        String text = Change.read(settingsFile);
        if (text != null) {
            changes.add(new Change(settingsFile, text, withoutOurs(site, text, registration)));
        }
        Path known = home(site).resolve("plugins/known_marketplaces.json");
        String knownText = Change.read(known);
        if (knownText != null) {
            // The host keeps what the settings once named.
            JsonText list = JsonText.of(known.toString(), knownText);
            if (ours(site, list.get(MARKETPLACE))) {
                list.remove(MARKETPLACE);
                changes.add(new Change(known, knownText, list.text()));
            }
        }
        if (registration != null) {
            registration.directories().forEach(made -> emptied.add(Path.of(made)));
            removeCommand(site, registration, changes, notes);
        }
        Receipt rest = receipt.without(settingsFile);
        if (rest.registrations().isEmpty()) {
            for (String file : receipt.files()) {
                changes.add(Change.of(directory.resolve(file), null));
                emptied.addAll(above(directory, file));
            }
            changes.add(Change.of(directory.resolve(Receipt.NAME), null));
            emptied.add(directory);
            emptied.add(site.dataDir().resolve("plugins"));
        } else {
            changes.add(Change.of(directory.resolve(Receipt.NAME), rest.toJson()));
            rest.registrations().forEach(each -> notes.add("still installed by " + each.settings()));
        }
        emptied.add(home(site).resolve("plugins/data/cairn-cairn"));
        return new Plan(changes, emptied, notes);
    }

    private static Path home(Site site) {
        String told = site.environment().getOrDefault("CLAUDE_CONFIG_DIR", "");
        return told.isBlank() ? site.home().resolve(".claude") : Path.of(told).toAbsolutePath();
    }

    private JsonText settings(Site site, @Nullable String text) {
        return JsonText.of(registration(site).toString(), text == null ? "" : text);
    }

    /** The settings as they were: to the byte while nobody else changed them, else without what is ours; null for none. */
    private @Nullable String withoutOurs(Site site, String text, Receipt.@Nullable Registration registration) {
        JsonText settings = settings(site, text);
        boolean made = registration != null && registration.made();
        if (registration != null && !registration.edits().isEmpty() && sameAs(registration.sha256(), text)) {
            String before = text;
            List<TextEdit> edits = registration.edits();
            for (int i = edits.size() - 1; i >= 0; i--) {
                before = edits.get(i).undone(before);
            }
            return made && (before.isBlank() || settings(site, before).isEmptyObject()) ? null : before;
        }
        if (!ours(site, settings.get(MARKETPLACES, MARKETPLACE))) {
            // It was taken out, or is somebody else's by now, and then the plugin of that name is too.
            return text;
        }
        settings.remove(MARKETPLACES, MARKETPLACE);
        String previous = registration == null ? null : registration.previous();
        if (previous == null) {
            settings.remove(ENABLED, PLUGIN);
        } else {
            settings.set(Boolean.parseBoolean(previous) ? BooleanNode.TRUE : BooleanNode.FALSE, ENABLED, PLUGIN);
        }
        for (String container : registration == null ? List.<String>of() : registration.containers()) {
            JsonNode rest = settings.get(container);
            if (rest != null && rest.isEmpty()) {
                settings.remove(container);
            }
        }
        return made && settings.isEmptyObject() ? null : settings.text();
    }

    /** A marketplace or a command of this name that somebody else put there is not ours to change. */
    private void refuseAnother(Site site, JsonText settings) throws IOException {
        refuseAnother(site, registration(site), settings.get(MARKETPLACES, MARKETPLACE));
        Path known = home(site).resolve("plugins/known_marketplaces.json");
        String text = Change.read(known);
        if (text != null) {
            refuseAnother(site, known, JsonText.of(known.toString(), text).get(MARKETPLACE));
        }
    }

    private void refuseAnother(Site site, Path file, @Nullable JsonNode marketplace) {
        if (marketplace != null && !ours(site, marketplace)) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " names another marketplace " + MARKETPLACE + " (" + marketplace.path("source")
                            + "); take it away first: claude plugin marketplace remove " + MARKETPLACE);
        }
    }

    private boolean ours(Site site, @Nullable JsonNode marketplace) {
        String directory = site.plugins(name()).toString();
        return marketplace != null
                && marketplace.path("source").path("path").asText().equals(directory);
    }

    private static JsonNode marketplace(Path directory) {
        ObjectNode marketplace = WireFormat.mapper().createObjectNode();
        marketplace.putObject("source").put("source", "directory").put("path", directory.toString());
        return marketplace;
    }

    private static Path commandFile(Site site) {
        return home(site).resolve("commands/cairn.md");
    }

    /** The command file to be there; one that somebody else wrote stays. */
    private static Change command(Site site, Receipt.@Nullable Registration old, List<String> notes)
            throws IOException {
        Path file = commandFile(site);
        String text = ClaudeCodeFiles.command();
        String there = Change.read(file);
        boolean mine = there == null || there.equals(text) || (old != null && sameAs(old.command(), there));
        if (!mine) {
            notes.add(file + " is not ours and stays; /cairn:status, /cairn:save and /cairn:forget do the same");
            return new Change(file, null, null);
        }
        return new Change(file, there, text);
    }

    private static void removeCommand(
            Site site, Receipt.Registration registration, List<Change> changes, List<String> notes) throws IOException {
        Path file = commandFile(site);
        String there = Change.read(file);
        if (there == null || registration.command() == null) {
            return;
        }
        if (sameAs(registration.command(), there)) {
            changes.add(new Change(file, there, null));
        } else {
            notes.add(file + " was changed since and stays");
        }
    }

    private static boolean sameAs(@Nullable String sha256, String text) {
        return sha256 != null && sha256.equals(Receipt.sha256(text));
    }

    /** The directories of a file of ours. */
    private static List<Path> above(Path directory, String file) {
        List<Path> above = new ArrayList<>();
        for (Path path = Path.of(file).getParent(); path != null; path = path.getParent()) {
            above.add(directory.resolve(path));
        }
        return above;
    }

    private static boolean onPath(Site site, String program) {
        return Arrays.stream(site.environment().getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1))
                .anyMatch(directory -> !directory.isEmpty()
                        && Files.isExecutable(Path.of(directory).resolve(program)));
    }
}
