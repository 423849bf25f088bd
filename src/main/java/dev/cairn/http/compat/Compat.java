package dev.cairn.http.compat;

import dev.cairn.bus.Bus;
import dev.cairn.chain.Lifecycle;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.config.CairnConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All routes of the contract, for one instance of the door. */
public final class Compat {
    /** What all instances of the door share. Thread-safe. */
    public static final class Shared {
        private final PrivatePrompts privatePrompts = new PrivatePrompts();
        private final PluginVersion version;

        /** @param environment of the worker, which names where the plugin is installed */
        public Shared(CairnConfig config, WorkerInfo info, Map<String, String> environment) {
            version = new PluginVersion(
                    config.http().compatVersion(),
                    info.version(),
                    environment,
                    environment.getOrDefault("HOME", System.getProperty("user.home", "")));
        }
    }

    private final List<Door> doors = new ArrayList<>();
    private final List<SharedDoor> sharedDoors = new ArrayList<>();

    public Compat(Bus bus, CairnConfig config, WorkerInfo info, Lifecycle lifecycle, Shared shared) {
        Sessions sessions = new Sessions(bus);
        Memories memories = new Memories(bus, sessions);
        Generation generation = new Generation(config.http().compatVersion());
        StatusDoors status = new StatusDoors(
                bus,
                info,
                shared.version,
                () -> lifecycle.state() == Lifecycle.State.READY,
                memories,
                config.vector().mode());
        SettingsDoors settings = new SettingsDoors(config);
        ListDoors lists = new ListDoors(memories);
        ToolUseDoors toolUses = new ToolUseDoors(bus, memories);
        SearchDoors search = new SearchDoors(memories, generation);
        ContextDoors context = new ContextDoors(bus, memories, generation);
        doors.addAll(new SessionDoors(sessions, shared.privatePrompts).doors());
        doors.addAll(new NumberedSessionDoors(sessions, shared.privatePrompts, bus).doors());
        doors.addAll(lists.doors());
        doors.addAll(new RowDoors(bus, memories, sessions).doors());
        doors.addAll(toolUses.doors());
        doors.addAll(search.doors());
        doors.addAll(context.doors());
        doors.addAll(status.doors());
        doors.addAll(settings.doors());
        doors.addAll(new SaveDoors(bus, memories).doors());
        sharedDoors.addAll(lists.shared());
        sharedDoors.addAll(toolUses.shared());
        sharedDoors.addAll(search.shared());
        sharedDoors.addAll(context.shared());
        sharedDoors.addAll(status.shared());
        sharedDoors.addAll(settings.shared());
        sharedDoors.addAll(new TableImport(bus, memories).shared());
    }

    /** Routes that only the contract has; to be looked at before the worker's own. */
    public List<Door> doors() {
        return List.copyOf(doors);
    }

    /** Routes that both have. */
    public List<SharedDoor> sharedDoors() {
        return List.copyOf(sharedDoors);
    }
}
