package dev.cairn.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** The calls of Linux that the JDK has not. */
interface Kernel extends Library {
    int PR_SET_CHILD_SUBREAPER = 36;
    int WNOHANG = 1;
    /** The same numbers on every architecture. */
    long PIDFD_SEND_SIGNAL = 424;

    long PIDFD_OPEN = 434;

    int kill(int pid, int signal);

    int prctl(int option, NativeLong two, NativeLong three, NativeLong four, NativeLong five);

    int waitpid(int pid, Pointer status, int options);

    int close(int fd);

    /** With glibc and musl alike. */
    int SC_PAGESIZE = 30;

    NativeLong sysconf(int name);

    NativeLong syscall(NativeLong number, Object... arguments);

    /** @throws UnsatisfiedLinkError where JNA has no library for this machine */
    static Kernel load() {
        return Native.load("c", Kernel.class);
    }
}
