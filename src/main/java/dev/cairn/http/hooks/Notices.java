package dev.cairn.http.hooks;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the user should know of the worker's troubles, told with the context of the next session, once. */
public final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final long TIMEOUT_MS = 300;
    /** The host shows no more of a hook's context than this, in UTF-16 units. */
    private static final int MOST = 10_000;

    private final Bus bus;

    public Notices(Bus bus) {
        this.bus = bus;
    }

    /** The context with what is to be told before it; never fails, and never waits long. */
    public Future<String> before(String context) {
        return bus.request(Addresses.OBSERVER_NOTICE, Nothing.NOTHING, TIMEOUT_MS)
                .map(notice -> notice.text() == null ? context : together(notice.text(), context))
                .otherwise(failure -> {
                    CairnException refusal = Bus.toCairn(Addresses.OBSERVER_NOTICE.name(), failure);
                    if (refusal.code() != ErrorCode.UNAVAILABLE) {
                        LOG.warn("What the observers have to tell is not known: {}", refusal.getMessage());
                    }
                    // Without observers there is nothing to tell of them.
                    return context;
                });
    }

    private static String together(String notice, String context) {
        if (context.isEmpty()) {
            return notice;
        }
        int room = MOST - notice.length() - 2;
        if (context.length() <= room) {
            return notice + "\n\n" + context;
        }
        int end = context.lastIndexOf('\n', room);
        return notice + "\n\n" + context.substring(0, Math.max(0, end));
    }
}
