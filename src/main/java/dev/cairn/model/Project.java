package dev.cairn.model;

/**
 * What memories belong to.
 *
 * @param key unique: the canonical path of the repository's root, or the name given by a marker file or a setting
 * @param name for people: the last part of the path, or the given name; not unique
 */
public record Project(String key, String name) {}
