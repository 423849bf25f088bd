package dev.cairn.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmCompilationMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;

/**
 * The JVM's own figures in {@code /metrics}: what Vert.x's option for them adds, but after the start, of which the management beans
 * behind them would take a tenth.
 */
final class JvmFigures {
    private JvmFigures() {}

    /** Loads classes and management beans: not on an event loop. The binders last as long as the JVM. */
    static void bind(MeterRegistry registry) {
        List<MeterBinder> binders = List.of(
                new ClassLoaderMetrics(),
                new JvmCompilationMetrics(),
                new JvmGcMetrics(),
                new JvmHeapPressureMetrics(),
                new JvmInfoMetrics(),
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics());
        binders.forEach(binder -> binder.bindTo(registry));
    }
}
