package dev.starling.runtime.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the longest of many suffixes, or prefixes, of a host name in one pass over it: a running hash is looked up at each
 * length, so the cost follows the name and not the number of wildcards. A wildcard stands for at least one character.
 */
final class WildcardTable<T> {

    private final boolean suffixes;
    private final int longest;
    private final int mask;
    private final @Nullable Slot<T>[] slots;

    private record Slot<T>(
            String affix, int hash, T value, @Nullable Slot<T> next) {}

    /** @param affixes by what stands beside the {@code *}, lower case and not empty */
    WildcardTable(Map<String, T> affixes, boolean suffixes) {
        this.suffixes = suffixes;
        this.longest = affixes.keySet().stream().mapToInt(String::length).max().orElse(0);
        this.mask = Integer.highestOneBit(Math.max(1, affixes.size())) * 4 - 1;
        this.slots = newSlots(mask + 1);
        affixes.forEach((affix, value) -> {
            int hash = 0;
            for (int length = 1; length <= affix.length(); length++) {
                hash = hash * 31 + at(affix, length);
            }
            slots[mix(hash)] = new Slot<>(affix, hash, value, slots[mix(hash)]);
        });
    }

    @SuppressWarnings("unchecked") // an array of a generic type cannot be made otherwise
    private static <T> @Nullable Slot<T>[] newSlots(int size) {
        return (@Nullable Slot<T>[]) new Slot<?>[size];
    }

    @Nullable
    T find(String host) {
        T found = null;
        int hash = 0;
        int limit = Math.min(longest, host.length() - 1);
        for (int length = 1; length <= limit; length++) {
            hash = hash * 31 + at(host, length);
            for (Slot<T> slot = slots[mix(hash)]; slot != null; slot = slot.next) {
                if (slot.hash == hash && slot.affix.length() == length && holds(host, slot.affix)) {
                    found = slot.value;
                }
            }
        }
        return found;
    }

    /** The character that an affix of this length adds to the one a character shorter. */
    private char at(String text, int length) {
        return suffixes ? text.charAt(text.length() - length) : text.charAt(length - 1);
    }

    private boolean holds(String host, String affix) {
        return suffixes ? host.endsWith(affix) : host.startsWith(affix);
    }

    private int mix(int hash) {
        return (hash ^ hash >>> 15) & mask;
    }
}
