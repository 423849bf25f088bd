package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A tool as a server lists it.
 *
 * @param description empty when the server gives none
 * @param inputSchema a JSON Schema
 */
public record ListedTool(String name, String description, ObjectNode inputSchema) {}
