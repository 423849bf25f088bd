package dev.cairn.observer.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "mvn -q test | TEST | mvn",
                "./mvnw verify -Pfast | TEST | mvn",
                "mvn -o -Dtest=CartTest surefire:test | TEST | mvn",
                "mvn spotless:apply | CHECK | mvn",
                "mvn -DskipTests package | BUILD | mvn",
                "mvn dependency:tree | LOOK | mvn",
                "./gradlew :app:check | TEST | gradle",
                "gradle assemble | BUILD | gradle",
                "npm test -- --watch=false | TEST | npm",
                "npm run test:unit | TEST | npm",
                "pnpm run build | BUILD | pnpm",
                "yarn lint | CHECK | yarn",
                "npm ci | INSTALL | npm",
                "npm ls react | LOOK | npm",
                "npx jest src/cart.test.ts | TEST | jest",
                "npx tsc --noEmit | CHECK | tsc",
                "python -m pytest -q tests | TEST | pytest",
                "python3 -m unittest | TEST | unittest",
                "poetry run pytest -k cart | TEST | pytest",
                "uv run ruff check . | CHECK | ruff",
                "pip install -r requirements.txt | INSTALL | pip",
                "cargo test --all | TEST | cargo",
                "cargo clippy | CHECK | cargo",
                "cargo add serde | INSTALL | cargo",
                "go test ./... | TEST | go",
                "go build ./cmd/x | BUILD | go",
                "go vet ./... | CHECK | go",
                "bundle exec rspec spec/cart_spec.rb | TEST | rspec",
                "make | BUILD | make",
                "make test | TEST | make",
                "make lint | CHECK | make",
                "./run-tests.sh fast | TEST | run-tests.sh",
                "scripts/build.sh | BUILD | build.sh",
                "docker compose build | BUILD | docker",
                "docker ps | LOOK | docker",
                "docker compose up -d | RUN | docker",
                "git commit -am 'fix: x' | COMMIT | git",
                "git push origin main | GIT | git",
                "git status --short | LOOK | git",
                "git log --oneline -5 | LOOK | git",
                "git tag | LOOK | git",
                "ls -la src | LOOK | ls",
                "cat a.txt | LOOK | cat",
                "sed -n 1,20p a.txt | LOOK | sed",
                "sed -i s/a/b/ a.txt | FILES | sed",
                "rm -rf build | FILES | rm",
                "node --version | LOOK | node",
                "node gen.js | RUN | node",
                "CI=1 timeout 60 npm test | TEST | npm",
                "sudo apt-get install -y jq | INSTALL | apt-get",
                "bash -lc \"cargo test\" | TEST | cargo",
                "test -f a.txt | LOOK | test",
                "(cd web && npm test) | TEST | npm",
                "echo 'mvn test' | LOOK | echo",
                "grep -rn 'npm test' . | LOOK | grep",
                "echo $(mvn test) | LOOK | echo",
            })
    void purpose_and_program(String command, CommandPurpose purpose, String runner) {
        CommandLine line = CommandLine.of(command.strip());

        assertThat(line.purpose()).as(command).isEqualTo(purpose);
        assertThat(line.runner()).as(command).isEqualTo(runner);
    }

    @Test
    void the_most_telling_part_of_a_line_counts() {
        CommandLine line = CommandLine.of("cd /home/dev/shop && git add -A; mvn -q test 2>&1 | tail -40");

        assertThat(line.purpose()).isEqualTo(CommandPurpose.TEST);
        assertThat(line.shown()).isEqualTo("git add -A; mvn -q test");
        assertThat(CommandLine.of("mvn test && git commit -m done").purposes())
                .contains(CommandPurpose.TEST, CommandPurpose.COMMIT);
    }

    @Test
    void a_pipe_into_something_telling_is_shown() {
        assertThat(CommandLine.of("mvn test 2>&1 | tail -5 | grep Tests").shown())
                .isEqualTo("mvn test");
        assertThat(CommandLine.of("cat dump.sql | psql shop").shown()).isEqualTo("cat dump.sql | psql shop");
    }

    @Test
    void here_documents_are_not_taken_for_commands() {
        CommandLine line = CommandLine.of("cat > notes.md <<'EOF'\nnpm test\nrm -rf /\nEOF\nls");

        assertThat(line.purpose()).isEqualTo(CommandPurpose.FILES);
        assertThat(line.written()).containsExactly("notes.md");
        assertThat(line.removed()).isEmpty();
    }

    @Test
    void redirections_of_errors_and_to_devices_write_no_file() {
        assertThat(CommandLine.of("echo oops >&2; exit 3").written()).isEmpty();
        assertThat(CommandLine.of("echo x > /dev/null 2> err.log").written()).isEmpty();
        assertThat(CommandLine.of("echo x >> 'a b.txt'").purpose()).isEqualTo(CommandPurpose.FILES);
    }

    @Test
    void commit_messages_are_read_from_options_and_here_documents() {
        assertThat(CommandLine.of("git add . && git commit -am \"feat(api): add paging\"")
                        .commitSubject())
                .isEqualTo("feat(api): add paging");
        assertThat(CommandLine.of("git commit -m \"$(cat <<'EOF'\nFix it\n\nbody (with brackets)\nEOF\n)\"")
                        .commitSubject())
                .isEqualTo("Fix it");
        assertThat(CommandLine.of("git commit --amend --no-edit").commitSubject())
                .isNull();
        assertThat(CommitMessages.title("feat(api)!: add paging")).isEqualTo("Add paging");
        assertThat(CommitMessages.type("feat(api)!: add paging")).isEqualTo("feature");
        assertThat(CommitMessages.type("Whatever else")).isNull();
    }

    @Test
    void the_same_end_is_the_same_runner_for_the_same_purpose() {
        CommandLine tests = CommandLine.of("mvn -q test");

        assertThat(tests.sameEnd(CommandLine.of("./mvnw test -Dtest=A"))).isTrue();
        assertThat(tests.sameEnd(CommandLine.of("npm test"))).isFalse();
        assertThat(CommandLine.of("python a.py 1").sameEnd(CommandLine.of("python a.py 2")))
                .isTrue();
        assertThat(CommandLine.of("python a.py").sameEnd(CommandLine.of("python b.py")))
                .isFalse();
        assertThat(CommandLine.of("npm run lint").sameEnd(CommandLine.of("npm test")))
                .isFalse();
    }
}
