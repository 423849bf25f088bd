package dev.cairn.bus;

import dev.cairn.model.Project;
import java.util.List;

/** Every project, the one last used first. */
public record Projects(List<Row> projects) {
    /** One project with its counts; {@code lastAt} in epoch milliseconds. */
    public record Row(Project project, long sessions, long observations, long summaries, long prompts, long lastAt) {}

    public Projects {
        projects = List.copyOf(projects);
    }
}
