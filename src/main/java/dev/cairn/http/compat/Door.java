package dev.cairn.http.compat;

import io.vertx.core.Future;

/**
 * One route that only this contract has.
 *
 * @param open whether it is answered without the token
 */
public record Door(String method, String path, boolean open, Handler handler) {
    /** Answers one request. Whatever it throws or fails with becomes a refusal. */
    public interface Handler {
        Future<Reply> answer(Request request);
    }
}
