package dev.cairn.cli.install;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was changed for an agent, kept beside its copy of our files, so that it can be undone.
 *
 * @param files ours, relative to the directory of the receipt
 * @param registrations one for each settings file of the agent: some people have several
 */
record Receipt(List<String> files, List<Registration> registrations) {
    static final String NAME = "installed.json";

    /**
     * @param settings the agent's settings file
     * @param made whether the file was not there before
     * @param containers the objects in it that were not there before
     * @param previous what stood where something of ours stands now, as JSON; null for nothing
     * @param sha256 of the file as it was left
     * @param edits what was done to it, in this order; they lead back while the file is as it was left
     * @param command SHA-256 of the command file that was put beside it; null when none was
     * @param directories that were not there before
     */
    record Registration(
            String settings,
            boolean made,
            List<String> containers,
            @Nullable String previous,
            String sha256,
            List<TextEdit> edits,
            @Nullable String command,
            List<String> directories) {
        Registration {
            containers = List.copyOf(containers);
            edits = List.copyOf(edits);
            directories = List.copyOf(directories);
        }
    }

    Receipt {
        files = List.copyOf(files);
        registrations = List.copyOf(registrations);
    }

    /** @return one without entries when there is none */
    static Receipt read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        String text = Change.read(file);
        if (text == null) {
            return new Receipt(List.of(), List.of());
        }
        try {
            return WireFormat.mapper().readValue(text, Receipt.class);
        } catch (JsonProcessingException e) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " is not what install wrote; remove it, and what stays behind can be taken out by hand",
                    null,
                    e);
        }
    }

    String toJson() {
        JsonNode tree = WireFormat.mapper().valueToTree(this);
        return tree.toPrettyString() + "\n";
    }

    Optional<Registration> of(Path settings) {
        return registrations.stream()
                .filter(each -> each.settings().equals(settings.toString()))
                .findFirst();
    }

    /** The same with these files, and with this registration instead of the one of its settings file. */
    Receipt with(List<String> newFiles, Registration registration) {
        List<Registration> all =
                new ArrayList<>(without(Path.of(registration.settings())).registrations());
        all.add(registration);
        all.sort(Comparator.comparing(Registration::settings));
        return new Receipt(newFiles, all);
    }

    Receipt without(Path settings) {
        return new Receipt(
                files,
                registrations.stream()
                        .filter(each -> !each.settings().equals(settings.toString()))
                        .toList());
    }

    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
