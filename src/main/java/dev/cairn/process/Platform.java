package dev.cairn.process;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operating system lets us see and do. Thread-safe; every method blocks shortly. */
interface Platform {
    /** Signals by their numbers, the same on every system we know. */
    int TERM = 15;

    int KILL = 9;

    /** Every process that can be seen, by pid. */
    Map<Long, Proc> all();

    /** This process and everything below it, by pid; may be quicker than {@link #all()}, and may miss one that is just born. */
    Map<Long, Proc> below();

    @Nullable
    Proc read(long pid);

    /** The value of a variable in a process's first environment; null when it has none or it is not ours to read. */
    @Nullable
    String variable(long pid, String name);

    /** A number that names this very process and no later one; 0 where the kernel has none. */
    long birthmark(long pid);

    /**
     * Signals a process that is surely the one it was: nobody can take its number between the look and the signal where the
     * system allows to hold on to it.
     *
     * @return whether it was there
     */
    boolean signal(long pid, long startedAt, int signal);

    /** Signals a whole process group. The caller has made sure that one of its members is its own. */
    void signalGroup(long group, int signal);

    /** Collects an ended process that was handed to us; does nothing when it is not ours to collect. */
    void collect(long pid);

    /** Makes this process the one that orphans below it are handed to. */
    boolean adoptOrphans();

    /** Which boot of the machine this is: start times of another one mean nothing. */
    String bootId();

    /** The layers that work here, for people. */
    List<String> layers();

    /** The platform of this machine. */
    static Platform current() {
        return LinuxPlatform.works() ? new LinuxPlatform() : new PortablePlatform();
    }
}
