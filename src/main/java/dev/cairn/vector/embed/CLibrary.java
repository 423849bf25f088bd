package dev.cairn.vector.embed;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two calls of Linux that spare the machine, each for want of which all goes on as well. */
final class CLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(CLibrary.class);
    private static final int PRIO_PROCESS = 0;
    /** What a thread that embeds documents has. */
    static final int NICENESS = 10;
    /** The call's number: C libraries before glibc 2.30 have no function for it. */
    private static final Map<String, Integer> GETTID = Map.of("x86-64", 186, "aarch64", 178);

    private CLibrary() {}

    interface Kernel extends Library {
        NativeLong syscall(NativeLong number, Object... arguments);

        int setpriority(int which, int who, int niceness);

        int getpriority(int which, int who);
    }

    interface Malloc extends Library {
        /** Only glibc has it. */
        int malloc_trim(NativeLong pad);
    }

    /** Lets others go before the calling thread; only Linux has a priority for each thread. */
    static void lowerPriority() {
        Integer gettid = Platform.isLinux() ? GETTID.get(Platform.ARCH) : null;
        if (gettid == null) {
            LOG.debug("Documents are embedded at the usual priority on {}", Platform.RESOURCE_PREFIX);
            return;
        }
        try {
            Kernel kernel = Native.load("c", Kernel.class);
            int thread = kernel.syscall(new NativeLong(gettid)).intValue();
            if (thread <= 0 || kernel.setpriority(PRIO_PROCESS, thread, NICENESS) != 0) {
                LOG.debug("Documents are embedded at the usual priority: the kernel refused another");
            }
        } catch (LinkageError e) {
            LOG.debug("Documents are embedded at the usual priority", e);
        }
    }

    /** What is freed but kept goes back to the system: of an unloaded model, half. */
    static void giveMemoryBack() {
        if (!Platform.isLinux()) {
            return;
        }
        try {
            Native.load("c", Malloc.class).malloc_trim(new NativeLong(0));
        } catch (LinkageError e) {
            LOG.debug("Freed memory is kept", e);
        }
    }
}
