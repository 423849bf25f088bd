package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.config.ConfigException;
import dev.cairn.config.ProjectConfig;
import dev.cairn.model.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("F1, F2: projects")
class ProjectResolverTest {
    @TempDir
    Path temp;

    private static final Path AGENTS = Path.of("/nowhere/agents");

    private Path base;

    @BeforeEach
    void realBase() throws IOException {
        base = temp.toRealPath();
    }

    private static Resolution resolve(Path directory) {
        return new ProjectResolver(new ProjectConfig(List.of(), List.of()), AGENTS).resolve(directory.toString());
    }

    private static Project project(Path directory) {
        return resolve(directory).project();
    }

    private static Project named(Path root) {
        return new Project(root.toString(), root.getFileName().toString());
    }

    private Path directory(String path) throws IOException {
        return Files.createDirectories(base.resolve(path));
    }

    private static void file(Path path, String content) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    /** What git itself leaves there once a repository has been made by hand. */
    private static void gitDirectory(Path gitDir) throws IOException {
        Files.createDirectories(gitDir.resolve("objects"));
        Files.createDirectories(gitDir.resolve("refs"));
        Files.writeString(gitDir.resolve("HEAD"), "ref: refs/heads/main\n");
    }

    private static void git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "protocol.file.allow=always",
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false"));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile("git", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> read(log)).isZero();
        Files.delete(log);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean hasGit() {
        return List.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "git")));
    }

    @Test
    void aRepositoryAndItsSubdirectoriesAreOneProject() throws Exception {
        assumeTrue(hasGit());
        Path repository = directory("a/kestrel");
        git(repository, "init", "-q");
        Path deep = directory("a/kestrel/src/main/java");
        assertThat(project(repository)).isEqualTo(named(repository));
        assertThat(project(deep)).isEqualTo(named(repository));
        assertThat(project(repository.resolve(".git/hooks"))).isEqualTo(named(repository));
        assertThat(project(deep.resolve("../../../src"))).isEqualTo(named(repository));
    }

    @Test
    void aWorktreeBelongsToItsMainRepository() throws Exception {
        assumeTrue(hasGit());
        Path main = directory("main");
        git(main, "init", "-q");
        git(main, "commit", "-q", "--allow-empty", "-m", "x");
        git(main, "worktree", "add", "-q", "../elsewhere/tree");
        Path tree = base.resolve("elsewhere/tree");
        assertThat(tree.resolve(".git")).isRegularFile();
        assertThat(project(tree)).isEqualTo(named(main));
        assertThat(project(directory("elsewhere/tree/src"))).isEqualTo(named(main));
    }

    @Test
    void submodulesBelongToTheOutermostSuperproject() throws Exception {
        assumeTrue(hasGit());
        for (String name : List.of("inner", "middle", "outer")) {
            git(directory(name), "init", "-q");
            git(base.resolve(name), "commit", "-q", "--allow-empty", "-m", "x");
        }
        git(
                base.resolve("middle"),
                "submodule",
                "--quiet",
                "add",
                base.resolve("inner").toString(),
                "libs/inner");
        git(base.resolve("middle"), "commit", "-q", "-m", "sub");
        git(
                base.resolve("outer"),
                "submodule",
                "--quiet",
                "add",
                base.resolve("middle").toString(),
                "modules/middle");
        git(base.resolve("outer"), "commit", "-q", "-m", "sub");
        git(base.resolve("outer"), "submodule", "--quiet", "update", "--init", "--recursive");
        Path outer = base.resolve("outer");
        assertThat(outer.resolve("modules/middle/libs/inner/.git")).isRegularFile();
        assertThat(project(outer.resolve("modules/middle"))).isEqualTo(named(outer));
        assertThat(project(outer.resolve("modules/middle/libs/inner"))).isEqualTo(named(outer));

        git(outer, "worktree", "add", "-q", "../tree");
        git(base.resolve("tree"), "submodule", "--quiet", "update", "--init", "--recursive");
        assertThat(base.resolve("tree/modules/middle/.git")).isRegularFile();
        assertThat(project(base.resolve("tree/modules/middle/libs/inner"))).isEqualTo(named(outer));
    }

    @Test
    void worktreesOfABareRepositoryAreOneProject() throws Exception {
        assumeTrue(hasGit());
        Path seed = directory("seed");
        git(seed, "init", "-q");
        git(seed, "commit", "-q", "--allow-empty", "-m", "x");
        git(base, "clone", "-q", "--bare", "seed", "kestrel.git");
        Path bare = base.resolve("kestrel.git");
        git(bare, "worktree", "add", "-q", "../one", "-b", "one");
        git(bare, "worktree", "add", "-q", "../two", "-b", "two");
        Project expected = new Project(bare.toString(), "kestrel");
        assertThat(project(base.resolve("one"))).isEqualTo(expected);
        assertThat(project(base.resolve("two"))).isEqualTo(expected);
        assertThat(project(bare)).isEqualTo(expected);

        Path around = directory("around");
        git(base, "clone", "-q", "--bare", "seed", "around/.bare");
        file(around.resolve(".git"), "gitdir: ./.bare\n");
        git(around, "worktree", "add", "-q", "feature", "-b", "feature");
        assertThat(project(around.resolve("feature"))).isEqualTo(named(around));
        assertThat(project(around)).isEqualTo(named(around));
    }

    @Test
    void layoutsWrittenByHandResolveAlike() throws IOException {
        Path main = directory("main");
        gitDirectory(main.resolve(".git"));
        Path worktree = directory("tree");
        Path link = directory("main/.git/worktrees/tree");
        file(link.resolve("commondir"), "../..\n");
        file(worktree.resolve(".git"), "gitdir: " + link + "\n");
        assertThat(project(worktree)).isEqualTo(named(main));

        Path sub = directory("main/libs/sub");
        gitDirectory(directory("main/.git/modules/libs/sub"));
        file(sub.resolve(".git"), "gitdir: ../../.git/modules/libs/sub\r\n");
        assertThat(project(sub)).isEqualTo(named(main));

        Path apart = directory("apart");
        gitDirectory(directory("store/apart"));
        file(apart.resolve(".git"), "gitdir: ../store/apart");
        assertThat(project(apart)).isEqualTo(named(apart));
    }

    @Test
    void aBrokenGitFileMakesItsDirectoryTheProject() throws IOException {
        Path broken = directory("outer/broken");
        gitDirectory(base.resolve("outer/.git"));
        for (String content :
                List.of("", "nonsense", "gitdir:", "gitdir: /no/such/place", "gitdir: \u0000", "\u00ff".repeat(9000))) {
            file(broken.resolve(".git"), content);
            assertThat(project(broken)).as(content).isEqualTo(named(broken));
        }
        Path link = directory("link");
        file(link.resolve("commondir"), "/no/such/place");
        file(broken.resolve(".git"), "gitdir: " + link);
        assertThat(project(broken)).isEqualTo(named(broken));
    }

    @Test
    void withoutGitTheDirectoryItselfIsTheProject() throws IOException {
        Path notes = directory("notes/today");
        assertThat(project(notes)).isEqualTo(named(notes));
        assertThat(project(directory("notes"))).isEqualTo(named(base.resolve("notes")));
        assertThat(project(Path.of("/"))).isEqualTo(new Project("/", "/"));
    }

    @Test
    void twoRepositoriesOfOneNameAreTwoProjects() throws IOException {
        gitDirectory(directory("a/app/.git"));
        gitDirectory(directory("b/app/.git"));
        assertThat(project(base.resolve("a/app")).name()).isEqualTo("app");
        assertThat(project(base.resolve("b/app")).name()).isEqualTo("app");
        assertThat(project(base.resolve("a/app")).key())
                .isNotEqualTo(project(base.resolve("b/app")).key());
    }

    @Test
    void spellingsThatDifferInCaseFollowTheFileSystem() throws IOException {
        gitDirectory(directory("Kestrel/.git"));
        boolean ignoresCase = Files.exists(base.resolve("kestrel"));
        if (!ignoresCase) {
            gitDirectory(directory("kestrel/.git"));
        }
        boolean same = project(base.resolve("Kestrel")).equals(project(base.resolve("kestrel")));
        assertThat(same).isEqualTo(ignoresCase);
    }

    @Test
    void linksAreFollowed() throws IOException {
        gitDirectory(directory("real/.git"));
        Path link = Files.createSymbolicLink(base.resolve("link"), base.resolve("real"));
        directory("real/src");
        assertThat(project(link.resolve("src"))).isEqualTo(named(base.resolve("real")));
        Path loop = Files.createSymbolicLink(base.resolve("loop"), base.resolve("loop"));
        assertThat(project(loop)).isEqualTo(named(loop));
    }

    @Test
    void aDirectoryThatIsGoneStillBelongsToItsRepository() throws IOException {
        gitDirectory(directory("app/.git"));
        assertThat(project(base.resolve("app/gone/deeper"))).isEqualTo(named(base.resolve("app")));
        assertThat(project(base.resolve("nowhere/x"))).isEqualTo(named(base.resolve("nowhere/x")));
    }

    @Test
    void aMarkerFileNamesTheProject() throws IOException {
        gitDirectory(directory("app/.git"));
        Path part = directory("app/services/billing");
        file(base.resolve("app/services/.cairn-project"), "\uFEFF Billing team \nignored\n");
        assertThat(project(part)).isEqualTo(new Project("Billing team", "Billing team"));
        assertThat(project(base.resolve("app"))).isEqualTo(named(base.resolve("app")));

        file(base.resolve(".cairn-project"), "above the repository");
        assertThat(project(base.resolve("app"))).isEqualTo(named(base.resolve("app")));
        assertThat(project(directory("plain/sub")).key()).isEqualTo("above the repository");

        file(base.resolve("plain/.cairn-project"), "\n");
        assertThat(project(base.resolve("plain/sub"))).isEqualTo(named(base.resolve("plain")));
        file(base.resolve("plain/.cairn-project"), "n".repeat(500));
        assertThat(project(base.resolve("plain/sub")).key()).isEqualTo("n".repeat(200));
    }

    @Test
    void aMarkerInTheMainRepositoryHoldsForWorktrees() throws IOException {
        gitDirectory(directory("main/.git"));
        Path link = directory("main/.git/worktrees/tree");
        file(link.resolve("commondir"), "../..");
        file(directory("tree").resolve(".git"), "gitdir: " + link);
        file(base.resolve("main/.cairn-project"), "Main");
        assertThat(project(base.resolve("tree")).key()).isEqualTo("Main");
        file(base.resolve("main/.cairn-ignore"), "");
        assertThat(resolve(base.resolve("tree")).excluded()).isTrue();
    }

    @Test
    void theSettingStandsAboveMarkerAndGitAndTheLongestWins() throws IOException {
        gitDirectory(directory("work/app/.git"));
        file(base.resolve("work/app/.cairn-project"), "marker");
        Path link = Files.createSymbolicLink(base.resolve("link"), base.resolve("work"));
        ProjectResolver resolver = new ProjectResolver(
                new ProjectConfig(List.of(), List.of(base + "/work=Work", link + "/app/sub=Sub", base + "/w=Other")),
                AGENTS);
        assertThat(resolver.resolve(base + "/work/app").project()).isEqualTo(new Project("Work", "Work"));
        directory("work/app/sub/deep");
        assertThat(resolver.resolve(base + "/work/app/sub/deep").project().key())
                .isEqualTo("Sub");
        assertThat(resolver.resolve(base + "/work2").project().key()).isEqualTo(base + "/work2");
    }

    @Test
    void pathsOfOtherSystemsAreTakenAsTheyStand() {
        ProjectResolver resolver = new ProjectResolver(new ProjectConfig(List.of("**/secret"), List.of()), AGENTS);
        assumeTrue(!Path.of("C:\\x").isAbsolute());
        assertThat(resolver.resolve("C:\\Users\\dev\\kestrel\\").project())
                .isEqualTo(new Project("C:\\Users\\dev\\kestrel", "kestrel"));
        assertThat(resolver.resolve("C:/Users/dev/app").project().name()).isEqualTo("app");
        assertThat(resolver.resolve("\\\\server\\share\\app").project().name()).isEqualTo("app");
        assertThat(resolver.resolve("/a\u0000b").project().key()).isEqualTo("/a\u0000b");
    }

    @Test
    void aVeryLongPathGivesAKeyThatFits() throws IOException {
        String part = "p".repeat(100);
        String one = base + "/1/" + String.join("/", List.of(part, part, part, part, part, part));
        String two = base + "/2/" + String.join("/", List.of(part, part, part, part, part, part));
        assertThat(project(Path.of(one)).key())
                .hasSizeLessThanOrEqualTo(512)
                .isNotEqualTo(project(Path.of(two)).key());
    }

    @Test
    @DisplayName("F2: excluded")
    void excludedDirectoriesAreToldByGlobNameAndMarker() throws IOException {
        gitDirectory(directory("clients/acme/.git"));
        gitDirectory(directory("open/.git"));
        directory("open/diary/today");
        directory("clients/acme/src");
        ProjectResolver resolver = new ProjectResolver(
                new ProjectConfig(List.of(base + "/clients/*", "diary", "~/" + "cairn-no-such-home-dir"), List.of()),
                AGENTS);
        assertThat(resolver.resolve(base + "/clients/acme").excluded()).isTrue();
        assertThat(resolver.resolve(base + "/clients/acme/src/x").excluded()).isTrue();
        assertThat(resolver.resolve(base + "/clients").excluded()).isFalse();
        assertThat(resolver.resolve(base + "/open/diary/today").excluded()).isTrue();
        assertThat(resolver.resolve(base + "/open").excluded()).isFalse();
        assertThat(resolver.resolve(System.getProperty("user.home") + "/cairn-no-such-home-dir/x")
                        .excluded())
                .isTrue();
        file(base.resolve("open/.cairn-ignore"), "");
        assertThat(resolver.resolve(base + "/open/lib").excluded()).isTrue();
    }

    @Test
    @DisplayName("F2: an excluded repository's worktree")
    void aWorktreeOfAnExcludedRepositoryIsExcluded() throws IOException {
        gitDirectory(directory("hidden/.git"));
        Path link = directory("hidden/.git/worktrees/tree");
        file(link.resolve("commondir"), "../..");
        file(directory("tree").resolve(".git"), "gitdir: " + link);
        ProjectResolver resolver = new ProjectResolver(new ProjectConfig(List.of(base + "/hidden"), List.of()), AGENTS);
        assertThat(resolver.resolve(base + "/tree").excluded()).isTrue();
    }

    @Test
    @DisplayName("E2: where the worker's own agents work nothing is recorded, by whatever path it is told")
    void theDirectoriesOfOwnAgentsAreToldApart() throws IOException {
        Path agents = directory("data/agents");
        directory("data/agents/1/w");
        Path link = Files.createSymbolicLink(base.resolve("link"), base.resolve("data"));
        ProjectResolver resolver = new ProjectResolver(new ProjectConfig(List.of(), List.of()), link.resolve("agents"));
        for (String own :
                List.of(agents + "", agents + "/1/w", link + "/agents/1/w", agents + "/gone", agents + "/1/../2")) {
            assertThat(resolver.resolve(own)).as(own).isSameAs(Resolution.OWN);
        }
        assertThat(resolver.named("cairn-observer").own())
                .as("by its name alone")
                .isTrue();
        assertThat(resolver.named("observer").own()).isFalse();
        for (String others : List.of(base + "/data", agents + "-2", agents + "/../w")) {
            assertThat(resolver.resolve(others).own()).as(others).isFalse();
        }
    }

    @Test
    void wrongSettingsAreRefusedByTheirKey() {
        for (String wrong : List.of("no-equals", "=x", "/a=", "relative=x", "/a=" + "n".repeat(201), "/a\u0000=x")) {
            assertThatThrownBy(() -> new ProjectResolver(new ProjectConfig(List.of(), List.of(wrong)), AGENTS))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("project.names");
        }
        assertThatThrownBy(() -> new ProjectResolver(new ProjectConfig(List.of("/a/[b"), List.of()), AGENTS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("project.exclude");
    }
}
