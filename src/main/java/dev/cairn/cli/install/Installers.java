package dev.cairn.cli.install;

import dev.cairn.model.CairnException;
import java.util.List;
import java.util.stream.Collectors;

/** The agents that Cairn can be plugged into. */
public final class Installers {
    private static final List<AgentInstaller> ALL = List.of(new ClaudeCodeInstaller());

    private Installers() {}

    /** All of them, in the order of their listing. */
    public static List<AgentInstaller> all() {
        return ALL;
    }

    /** @throws CairnException INVALID_ARGUMENT when there is none of this name */
    public static AgentInstaller of(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CairnException.invalid(
                        "AGENT",
                        "there is no agent '" + name + "'; there are "
                                + ALL.stream().map(AgentInstaller::name).collect(Collectors.joining(", "))));
    }
}
