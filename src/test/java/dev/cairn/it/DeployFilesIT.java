package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What the deployment files say, read by their own tools, and that their times fit the worker's. */
class DeployFilesIT {
    private static final Path DEPLOY = Path.of("deploy").toAbsolutePath();

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"cairn.service", "cairn-system.service"})
    void systemdUnderstandsEveryLineOfTheUnits(String name) throws Exception {
        Path analyze = Tools.require("systemd-analyze");
        // The unit as it is installed, with what it starts in place.
        String unit = Files.readString(DEPLOY.resolve("systemd").resolve(name))
                .replace("/usr/bin/java", System.getProperty("java.home") + File.separator + "bin/java");
        Path copy = Files.writeString(dir.resolve(name), unit);
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", dir.toString());
        String manager = name.equals("cairn.service") ? "--user" : "--system";
        Tools.Run run = Tools.run(
                dir,
                environment,
                List.of(analyze.toString(), "verify", "--man=no", "--recursive-errors=no", manager, copy.toString()));
        // A key it does not know is only a warning to it.
        assertThat(run.output().lines().filter(line -> line.contains(name))).isEmpty();
        assertThat(run.exitCode()).as(run.output()).isZero();

        Files.writeString(copy, unit.replace("WatchdogSec=", "WatchdogSecs="));
        assertThat(Tools.run(
                                dir,
                                environment,
                                List.of(analyze.toString(), "verify", "--man=no", manager, copy.toString()))
                        .output())
                .as("the check finds a fault")
                .contains("WatchdogSecs");
    }

    @Test
    void everyoneWaitsLongerThanTheWorkersOwnHalt() throws Exception {
        long haltMs = number("conf/worker.json", "\"deadlineMs\": (\\d+)");
        assertThat(number("deploy/systemd/cairn.service", "TimeoutStopSec=(\\d+)") * 1_000)
                .isGreaterThan(haltMs);
        assertThat(number("deploy/systemd/cairn-system.service", "TimeoutStopSec=(\\d+)") * 1_000)
                .isGreaterThan(haltMs);
        assertThat(number("deploy/pm2/ecosystem.config.cjs", "kill_timeout: (\\d+)"))
                .isGreaterThan(haltMs);
        assertThat(number("deploy/docker/Dockerfile", "--stop-timeout (\\d+)") * 1_000)
                .isGreaterThan(haltMs);
        Element plist = plist();
        assertThat(Long.parseLong(valueOf(plist, "ExitTimeOut").getTextContent()) * 1_000)
                .isGreaterThan(haltMs);
    }

    private static long number(String file, String pattern) throws Exception {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void thePropertyListIsWellFormedAndRestartsOnlyAfterAFailure() throws Exception {
        Element plist = plist();
        assertThat(valueOf(plist, "Label").getTextContent()).isEqualTo("dev.cairn.worker");
        assertThat(valueOf(valueOf(plist, "KeepAlive"), "SuccessfulExit").getTagName())
                .isEqualTo("false");
        assertThat(valueOf(plist, "ProcessType").getTextContent()).isEqualTo("Interactive");
        assertThat(Integer.parseInt(valueOf(plist, "Umask").getTextContent())).isEqualTo(0077);
    }

    private static Element plist() throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        // Its document type lives on the network.
        builder.setEntityResolver((publicId, systemId) -> new InputSource(new java.io.StringReader("")));
        return (Element)
                builder.parse(DEPLOY.resolve("launchd/dev.cairn.worker.plist").toFile())
                        .getDocumentElement()
                        .getElementsByTagName("dict")
                        .item(0);
    }

    private static Element valueOf(Element dict, String key) {
        NodeList nodes = dict.getChildNodes();
        boolean found = false;
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element) {
                if (found) {
                    return element;
                }
                found = element.getTagName().equals("key")
                        && element.getTextContent().equals(key);
            }
        }
        throw new AssertionError("no " + key);
    }

    @Test
    void theShellScriptsParse() throws Exception {
        try (Stream<Path> scripts = Files.list(DEPLOY.resolve("bin"))) {
            for (Path script : scripts.toList()) {
                assertThat(script).isExecutable();
                Tools.Run run =
                        Tools.run(dir, Map.of(), List.of(Tools.require("sh").toString(), "-n", script.toString()));
                assertThat(run.exitCode()).as(run.output()).isZero();
            }
        }
    }
}
