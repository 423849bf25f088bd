package dev.cairn.vector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inner product of bytes from -127 to 127; exact, so every way to compute it gives the same. */
interface Dot {
    /** The one that needs the module {@code jdk.incubator.vector}; compiled apart from all others. */
    String SIMD = "dev.cairn.vector.SimdDot";

    /**
     * @param from where the row begins in {@code rows}
     * @param query as long as a row
     */
    int of(byte[] rows, int from, byte[] query);

    /** The fastest one that this JVM can run. */
    static Dot best() {
        Logger log = LoggerFactory.getLogger(Dot.class);
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return PlainDot.INSTANCE;
        }
        try {
            return Class.forName(SIMD)
                    .asSubclass(Dot.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            log.info("Vectors are compared in plain Java: {}", e.toString());
            return PlainDot.INSTANCE;
        }
    }
}
