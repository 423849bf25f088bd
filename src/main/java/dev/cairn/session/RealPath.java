package dev.cairn.session;

import java.io.IOException;
import java.nio.file.Path;

/** The one spelling of a path: links followed and, where the file system ignores case, the case it was made with. */
final class RealPath {
    private RealPath() {}

    /** Of a path that does not exist the part that does is made real, and the rest stands as it is. */
    static Path of(Path path) {
        Path normal = path.toAbsolutePath().normalize();
        for (Path at = normal; at != null; at = at.getParent()) {
            try {
                Path real = at.toRealPath();
                return at.equals(normal)
                        ? real
                        : real.resolve(at.relativize(normal)).normalize();
            } catch (IOException notThere) {
                // Or not to be entered: the directory above may be.
            }
        }
        return normal;
    }
}
