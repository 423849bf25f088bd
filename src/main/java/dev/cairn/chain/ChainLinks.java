package dev.cairn.chain;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;

/** Which links of a Vert.x are up, in the order they came up; they go down in the reverse one. Thread-safe. */
public final class ChainLinks implements Shareable {
    private static final String KEY = "links";

    /**
     * One deployment.
     *
     * @param name the link's name in the log
     * @param deploymentId Vert.x's id of it
     * @param instances how many of its verticles are up
     * @param stopOrder 1 for the one that is stopped first
     */
    public record Link(String name, String deploymentId, int instances, int stopOrder) {}

    private record Up(String name, String deploymentId) {}

    private final List<Up> up = new ArrayList<>();

    private ChainLinks() {}

    /** Those of this Vert.x. */
    public static ChainLinks of(Vertx vertx) {
        return vertx.sharedData()
                .<String, ChainLinks>getLocalMap("dev.cairn.chain.links")
                .computeIfAbsent(KEY, key -> new ChainLinks());
    }

    synchronized void cameUp(String name, String deploymentId) {
        up.add(new Up(name, deploymentId));
    }

    synchronized void wentDown(String name, String deploymentId) {
        up.remove(new Up(name, deploymentId));
    }

    /** The first one up first. */
    public synchronized List<Link> all() {
        List<Up> deployments = up.stream().distinct().toList();
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < deployments.size(); i++) {
            Up one = deployments.get(i);
            int instances = (int) up.stream().filter(one::equals).count();
            links.add(new Link(one.name(), one.deploymentId(), instances, deployments.size() - i));
        }
        return List.copyOf(links);
    }
}
