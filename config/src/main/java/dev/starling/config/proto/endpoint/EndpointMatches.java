package dev.starling.config.proto.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoints of one assignment in another. Those that have not moved, or have moved all alike, cost a comparison; for
 * the others all are looked at once.
 */
final class EndpointMatches {

    private final SerializedAssignment before;
    private final SerializedAssignment next;
    private int moved;
    private int @Nullable [] table;

    EndpointMatches(SerializedAssignment before, SerializedAssignment next) {
        this.before = before;
        this.next = next;
    }

    /** Asked of one after the other: where it stood before; below zero if it is new. */
    int find(int endpoint) {
        int guess = endpoint - moved;
        if (guess >= 0 && guess < before.size() && next.same(endpoint, before, guess)) {
            return guess;
        }
        int found = search(endpoint);
        if (found >= 0) {
            moved = endpoint - found;
        }
        return found;
    }

    private int search(int endpoint) {
        int[] places = table();
        for (int slot = slot(next, endpoint, places); places[slot] != 0; slot = after(slot, places)) {
            if (next.same(endpoint, before, places[slot] - 1)) {
                return places[slot] - 1;
            }
        }
        return -1;
    }

    /** By hash the number of an endpoint plus one, with room to spare; of equal ones the first. */
    private int[] table() {
        int[] places = table;
        if (places == null) {
            places = new int[Integer.highestOneBit(Math.max(1, before.size())) << 2];
            for (int i = 0; i < before.size(); i++) {
                int slot = slot(before, i, places);
                while (places[slot] != 0 && !before.same(i, before, places[slot] - 1)) {
                    slot = after(slot, places);
                }
                if (places[slot] == 0) {
                    places[slot] = i + 1;
                }
            }
            table = places;
        }
        return places;
    }

    private static int slot(SerializedAssignment of, int endpoint, int[] places) {
        return of.hash(endpoint) & (places.length - 1);
    }

    private static int after(int slot, int[] places) {
        return (slot + 1) & (places.length - 1);
    }
}
