package dev.cairn.it;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs a class's tests in a network of their own that has the loopback and nothing else, as {@code unshare -n} makes one. A
 * network belongs to a thread: all tests run on one thread that has left the machine's network, and the threads and processes
 * it makes are born into its new one. The other tests of the JVM keep theirs.
 */
final class OwnNetwork implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final long DEADLINE_MIN = 5;

    /** The call that the JDK has not. */
    interface Kernel extends Library {
        int unshare(int flags);
    }

    private final ExecutorService inside = Executors.newSingleThreadExecutor(body -> new Thread(body, "own-network"));

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Tools.requireThat(System.getProperty("os.name").equals("Linux"), "a network of one's own takes Linux");
        Path ip = Tools.require("ip");
        int refused = inside.submit(() -> Native.load("c", Kernel.class).unshare(CLONE_NEWNET))
                .get(DEADLINE_MIN, TimeUnit.MINUTES);
        Tools.requireThat(refused == 0, "a network of one's own (unshare -n) is not allowed here; run as root");
        int up = inside.submit(() -> new ProcessBuilder(List.of(ip.toString(), "link", "set", "lo", "up"))
                        .inheritIO()
                        .start()
                        .waitFor())
                .get(DEADLINE_MIN, TimeUnit.MINUTES);
        Tools.requireThat(up == 0, "the loopback of the new network did not come up");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        inside.shutdownNow();
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> which, ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> which, ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> which, ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> which, ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> which, ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> which, ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    private void inside(Invocation<Void> invocation) throws Throwable {
        Future<Void> done = inside.submit(() -> {
            try {
                return invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
        try {
            done.get(DEADLINE_MIN, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
