package dev.cairn.worker;

import dev.cairn.chain.Lifecycle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that ask a process to end. The first begins the stop and decides the exit code, 128 and its number; any further
 * one makes the stop hurry, where the JVM alone would swallow it.
 *
 * <p>The JDK has them in {@code sun.misc} only, which the compiler warns of and cannot be told not to: hence by reflection.
 * Where that is missing, or the JVM was told to leave signals alone ({@code -Xrs}), they do what they do without us.
 */
final class EndSignals {
    private static final Logger LOG = LoggerFactory.getLogger(EndSignals.class);
    private static final List<String> NAMES = List.of("HUP", "INT", "TERM");

    private final Lifecycle lifecycle;
    private final AtomicBoolean ending = new AtomicBoolean();

    private EndSignals(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** From now on. A signal that the process was started to ignore, as by nohup, stays ignored. */
    static void install(Lifecycle lifecycle) {
        EndSignals signals = new EndSignals(lifecycle);
        for (String name : NAMES) {
            try {
                signals.handle(name);
            } catch (ReflectiveOperationException e) {
                LOG.debug("SIG{} is left to the JVM: {}", name, String.valueOf(e.getCause()));
            }
        }
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Constructor<?> named = type.getConstructor(String.class);
        Object signal = named.newInstance(name);
        int number = (int) type.getMethod("getNumber").invoke(signal);
        Object handler = Proxy.newProxyInstance(
                EndSignals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass().equals(Object.class)) {
                        return method.invoke(this, arguments);
                    }
                    arrived(name, number);
                    return null;
                });
        type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
    }

    /** On a thread of this signal's own, which the first one keeps until the JVM is gone. */
    private void arrived(String name, int number) {
        if (ending.compareAndSet(false, true)) {
            System.exit(128 + number);
        } else {
            lifecycle.hurry("SIG" + name + " during the stop");
        }
    }
}
