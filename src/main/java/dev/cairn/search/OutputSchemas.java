package dev.cairn.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;

/** What the tools' structured answers are: JSON Schema 2020-12. Fields may be added; none is taken away. */
final class OutputSchemas {
    private static final String HIT = """
            {"type":"object","required":["kind","id","title","project","platform","createdAt","score","tokens","files"],
             "properties":{
              "kind":{"enum":["observation","summary","prompt"]},
              "id":{"type":"integer","description":"for get_observations, and for the resource of this kind"},
              "type":{"type":"string","description":"of an observation"},
              "title":{"type":"string"},
              "subtitle":{"type":"string"},
              "snippet":{"type":"string","description":"around the match; matched words between « and »"},
              "project":{"type":"string","description":"the project's key"},
              "platform":{"type":"string"},
              "session":{"type":"string","description":"the host's session id"},
              "createdAt":{"type":"integer","description":"epoch milliseconds"},
              "score":{"type":"number","description":"comparable within one answer only"},
              "tokens":{"type":"integer","description":"about what the whole memory takes a model"},
              "files":{"type":"array","items":{"type":"string"}},
              "supersededBy":{"type":"object","description":"what corrects it"},
              "times":{"type":"integer","description":"how often its session brought the same; missing for once"}}}""";

    static final ObjectNode SEARCH = parse("""
            {"type":"object","required":["total","offset","hits"],"properties":{
              "total":{"type":"integer","description":"how many memories fit"},
              "offset":{"type":"integer","description":"how many of them come before the first hit"},
              "nextOffset":{"type":"integer","description":"where to go on; missing when these are the last"},
              "hits":{"type":"array","items":HIT}}}""".replace("HIT", HIT));

    static final ObjectNode TIMELINE = parse("""
            {"type":"object","required":["items","leftOut"],"properties":{
              "anchorId":{"type":"integer","description":"missing when the anchor is a time, or nothing matched"},
              "items":{"type":"array","description":"oldest first","items":HIT},
              "leftOut":{"type":"integer","description":"how many farther from the anchor had no room"}}}""".replace("HIT", HIT));

    static final ObjectNode MEMORIES = parse("""
            {"type":"object","required":["items","unknownIds","leftOutForLength"],"properties":{
              "items":{"type":"array","items":{
                "type":"object","required":["kind","id","project","platform","createdAt"],
                "properties":{
                  "kind":{"enum":["observation","summary","prompt"]},
                  "id":{"type":"integer"},
                  "project":{"type":"object","required":["key","name"],
                    "properties":{"key":{"type":"string"},"name":{"type":"string"}}},
                  "platform":{"type":"string"},
                  "createdAt":{"type":"integer","description":"epoch milliseconds"}}}},
              "unknownIds":{"type":"array","items":{"type":"integer"}},
              "leftOutForLength":{"type":"array","items":{"type":"integer"}},
              "hint":{"type":"string","description":"how to get what was left out"}}}""");

    static final ObjectNode SAVED = parse("""
            {"type":"object","required":["id","project"],"properties":{
              "id":{"type":"integer","description":"of the new memory"},
              "project":{"type":"string","description":"the key of its project"}}}""");

    static final ObjectNode FORGOTTEN = parse("""
            {"type":"object",
             "required":["dryRun","observations","summaries","prompts","toolUses","sessions","message"],"properties":{
              "dryRun":{"type":"boolean","description":"nothing was changed"},
              "observations":{"type":"integer"},
              "summaries":{"type":"integer"},
              "prompts":{"type":"integer"},
              "toolUses":{"type":"integer"},
              "sessions":{"type":"integer"},
              "message":{"type":"string"}}}""");

    static final ObjectNode STATUS = parse("""
            {"type":"object","required":["version","parts","observations","summaries","prompts","toolUses","sessions",
                "queue","databaseBytes"],"properties":{
              "version":{"type":"string"},
              "parts":{"type":"object","additionalProperties":{"type":"string"}},
              "observations":{"type":"integer"},
              "summaries":{"type":"integer"},
              "prompts":{"type":"integer"},
              "toolUses":{"type":"integer"},
              "sessions":{"type":"integer"},
              "queue":{"type":"object","required":["pending","claimed","parked"],"properties":{
                "pending":{"type":"integer"},"claimed":{"type":"integer"},"parked":{"type":"integer"}}},
              "databaseBytes":{"type":"integer"}}}""");

    private OutputSchemas() {}

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) WireFormat.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
