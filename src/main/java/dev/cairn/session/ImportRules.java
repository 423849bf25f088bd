package dev.cairn.session;

import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportFormat.Place;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.model.CairnException;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.TextCleaner;
import java.util.ArrayList;
import java.util.List;

/**
 * What an import must be like, and what the privacy filter and the size caps make of it: the same as of what agents and people
 * tell the worker. Thread-safe.
 */
final class ImportRules {
    private final LineRules rules;

    ImportRules(PrivacyFilter privacy, TextCleaner cleaner) {
        this.rules = new LineRules(privacy, cleaner);
    }

    /** How many UTF-16 units of text there are to filter. */
    static long weight(ImportLines request) {
        return request.lines().stream().mapToLong(String::length).sum();
    }

    /**
     * The same lines with clean texts; headers and blank lines are left as they are.
     *
     * @throws CairnException INVALID_ARGUMENT naming the first line at fault and its field
     */
    ImportLines clean(ImportLines request) {
        List<String> clean = new ArrayList<>(request.lines().size());
        for (int i = 0; i < request.lines().size(); i++) {
            String text = request.lines().get(i);
            Place place = new Place(i, request.firstLine() + i);
            ExportLine line = ExportFormat.read(text, place);
            clean.add(line == null ? text : ExportFormat.write(clean(line, place)));
        }
        return new ImportLines(clean, request.firstLine(), request.dryRun());
    }

    private ExportLine clean(ExportLine line, Place place) {
        try {
            return rules.clean(line);
        } catch (CairnException e) {
            throw place.invalid(e);
        }
    }
}
