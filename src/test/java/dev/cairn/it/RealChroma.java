package dev.cairn.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code .ci/install-chroma} puts in place. */
public final class RealChroma {
    private RealChroma() {}

    /** On a developer's machine the test may be skipped, and says why; in CI a missing Chroma is a failure. */
    public static void require() {
        Path home = Path.of(System.getProperty("user.home"));
        List<Path> places = new ArrayList<>();
        for (String each : System.getenv("PATH").split(java.io.File.pathSeparator, -1)) {
            places.add(Path.of(each));
        }
        places.add(home.resolve(".local/bin"));
        boolean uv = places.stream().anyMatch(place -> Files.isExecutable(place.resolve("uvx")));
        boolean model = Files.exists(home.resolve(".cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx/model.onnx"));
        Tools.requireThat(uv && model, "the real Chroma is not installed; run .ci/install-chroma");
    }
}
