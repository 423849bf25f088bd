package dev.cairn.vector.embed;

import java.util.Arrays;
import java.util.Map;

/**
 * The pieces words are made of, as two tries in one hash table, for those that begin a word and those that go on with one:
 * the longest piece at a place is found in one walk. Immutable.
 */
final class Vocabulary {
    /** The node that pieces beginning a word hang on, and that of the others. */
    private static final int BEGIN = 0;

    private static final int GO_ON = 1;
    private static final int NONE = -1;

    /** A node above its character, plus one; 0 is free. */
    private long[] edges = new long[1 << 17];

    private int[] targets = new int[1 << 17];
    private int[] ids = new int[1 << 16];
    private int nodes = 2;
    private final int unknown;

    /**
     * @param prefix marks a piece that goes on with a word
     * @param unknown stands for a word that no pieces make up
     */
    Vocabulary(Map<String, Integer> pieces, String prefix, int unknown) {
        this.unknown = unknown;
        Arrays.fill(ids, NONE);
        pieces.forEach((piece, id) -> {
            add(BEGIN, piece, 0, id);
            if (!prefix.isEmpty() && piece.startsWith(prefix)) {
                add(GO_ON, piece, prefix.length(), id);
            }
        });
    }

    /**
     * The pieces of a word, longest first.
     *
     * @param to must have room for as many as the word has characters
     * @return how many were written
     */
    int split(char[] word, int length, long[] to, int at) {
        int count = 0;
        int from = 0;
        int root = BEGIN;
        while (from < length) {
            int node = root;
            int found = NONE;
            int end = from;
            for (int i = from; i < length; i++) {
                node = child(node, word[i]);
                if (node == NONE) {
                    break;
                }
                if (ids[node] != NONE) {
                    found = ids[node];
                    end = i + 1;
                }
            }
            if (found == NONE) {
                to[at] = unknown;
                return 1;
            }
            to[at + count++] = found;
            from = end;
            root = GO_ON;
        }
        return count;
    }

    int unknown() {
        return unknown;
    }

    private void add(int root, String piece, int from, int id) {
        int node = root;
        for (int i = from; i < piece.length(); i++) {
            int next = child(node, piece.charAt(i));
            if (next == NONE) {
                next = nodes++;
                if (next == ids.length) {
                    ids = Arrays.copyOf(ids, 2 * next);
                    Arrays.fill(ids, next, ids.length, NONE);
                }
                if (2 * nodes > edges.length) {
                    grow();
                }
                put(edge(node, piece.charAt(i)), next);
            }
            node = next;
        }
        if (node != root) {
            ids[node] = id;
        }
    }

    private void grow() {
        long[] oldEdges = edges;
        int[] oldTargets = targets;
        edges = new long[2 * oldEdges.length];
        targets = new int[edges.length];
        for (int i = 0; i < oldEdges.length; i++) {
            if (oldEdges[i] != 0) {
                put(oldEdges[i], oldTargets[i]);
            }
        }
    }

    private void put(long edge, int target) {
        int slot = slot(edge);
        while (edges[slot] != 0) {
            slot = (slot + 1) & (edges.length - 1);
        }
        edges[slot] = edge;
        targets[slot] = target;
    }

    private int child(int node, char character) {
        long edge = edge(node, character);
        for (int slot = slot(edge); edges[slot] != 0; slot = (slot + 1) & (edges.length - 1)) {
            if (edges[slot] == edge) {
                return targets[slot];
            }
        }
        return NONE;
    }

    private static long edge(int node, char character) {
        return (((long) node << 16) | character) + 1;
    }

    private int slot(long edge) {
        return (int) ((edge * 0x9E3779B97F4A7C15L) >>> 32) & (edges.length - 1);
    }
}
