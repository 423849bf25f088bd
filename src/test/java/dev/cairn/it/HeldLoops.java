package dev.cairn.it;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import java.util.List;
import java.util.Map;

/** Event loops of a real worker, held by a debugger: blocked without a line of code in the worker that blocks. */
final class HeldLoops {
    /** What the worker's JVM must be started with. */
    static final List<String> JVM =
            List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");

    private static final String LISTENING = "Listening for transport dt_socket at address: ";

    private final VirtualMachine vm;
    private final List<ThreadReference> loops;

    private HeldLoops(VirtualMachine vm, List<ThreadReference> loops) {
        this.vm = vm;
        this.loops = loops;
    }

    /** Holds every event loop. */
    static HeldLoops hold(WorkerProcess worker) throws Exception {
        return hold(worker, Integer.MAX_VALUE);
    }

    /** Holds some event loops, at most {@code count}. */
    static HeldLoops hold(WorkerProcess worker, int count) throws Exception {
        String port = worker.output().stream()
                .filter(line -> line.startsWith(LISTENING))
                .map(line -> line.replaceAll("\\D*$", "").replaceAll(".*\\D", ""))
                .findFirst()
                .orElseThrow();
        VirtualMachine vm = attach(port);
        List<ThreadReference> loops = vm.allThreads().stream()
                .filter(thread -> thread.name().startsWith("vert.x-eventloop-thread"))
                .limit(count)
                .toList();
        if (loops.isEmpty()) {
            throw new AssertionError("no event loop in the worker");
        }
        loops.forEach(ThreadReference::suspend);
        return new HeldLoops(vm, loops);
    }

    /** Lets them go on, and detaches. */
    void release() {
        loops.forEach(ThreadReference::resume);
        vm.dispose();
    }

    private static VirtualMachine attach(String port) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(port);
        return connector.attach(arguments);
    }
}
