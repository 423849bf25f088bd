package dev.cairn.observer.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutcomesPageTest {
    @Test
    @DisplayName("the page's table of outcomes is the one in the code, line by line")
    void thePageHasTheTable() throws Exception {
        String page = Files.readString(Path.of("src/site/markdown/observers.md"));
        List<String> told = Pattern.compile("(?m)^\\| ([A-Z_]+) \\| ([A-Z]+) \\| ([A-Z_]+) \\|")
                .matcher(page)
                .results()
                .map(OutcomesPageTest::line)
                .toList();
        List<String> lines = Outcomes.TABLE.stream()
                .map(line -> line.finding() + " " + line.when() + " " + line.outcome())
                .toList();
        assertThat(told).isEqualTo(lines);
    }

    private static String line(MatchResult row) {
        return row.group(1) + " " + row.group(2) + " " + row.group(3);
    }
}
