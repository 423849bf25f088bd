package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;

/**
 * Refusals in the contract's form, {@code {error: "ValidationError", issues}} or {@code {error: MESSAGE}}, with what the worker's own
 * form says beside it: {@code code}, {@code message} and {@code field}.
 */
public final class Refusals {
    private Refusals() {}

    /** A refusal on a route that only this contract has. */
    public static Reply of(CairnException refusal) {
        ObjectNode json = Reply.object();
        if (refusal.code() == ErrorCode.INVALID_ARGUMENT && refusal.field() != null) {
            json.put("error", "ValidationError").set("issues", issues(refusal));
        } else {
            json.put("error", refusal.getMessage());
        }
        json.put("code", refusal.code().wire()).put("message", refusal.getMessage());
        if (refusal.field() != null) {
            json.put("field", refusal.field());
        }
        return Reply.json(refusal.code().httpStatus(), json);
    }

    /** Something that is not there. */
    static Reply notFound(String message) {
        return of(CairnException.notFound(message));
    }

    private static ArrayNode issues(CairnException refusal) {
        ArrayNode issues = Reply.object().arrayNode();
        ObjectNode issue = issues.addObject();
        ArrayNode path = issue.putArray("path");
        for (String part : String.valueOf(refusal.field()).split("[.\\[\\]]+", -1)) {
            if (part.matches("\\d{1,9}")) {
                path.add(Integer.parseInt(part));
            } else if (!part.isEmpty()) {
                path.add(part);
            }
        }
        String message = refusal.getMessage();
        boolean type = message.contains(" is missing") || message.contains(" must be ");
        issue.put("message", message).put("code", type ? "invalid_type" : "custom");
        return issues;
    }
}
