package dev.cairn.bus;

import java.util.List;

/** Samples, oldest first; to be kept, or found. */
public record ProcessSamples(List<ProcessSample> samples) {
    public ProcessSamples {
        samples = List.copyOf(samples);
    }
}
