package dev.starling.runtime.codec.hpack;

import java.util.stream.IntStream;

/**
 * The Huffman code of RFC 7541 appendix B. The code is canonical, so the lengths alone say all of it. Decoding takes four
 * bits a step from a table: no code is shorter than five bits, so that a step ends at most one symbol.
 */
final class Huffman {

    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, //
        28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, //
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, //
        7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, //
        23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, //
        21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    };

    private static final int END_OF_STRING = 256;
    private static final int NODES = 256;

    private static final int EMITS = 1 << 16;
    private static final int FAILS = 1 << 17;

    /** By state and four bits: the next state, a symbol above it, and what the step means. */
    private static final int[] STEPS = new int[NODES * 16];

    /** Whether a string may end in a state: on fewer than eight bits, all ones. */
    private static final boolean[] MAY_END = new boolean[NODES];

    static {
        int[] tree = tree();
        for (int state = 0; state < NODES; state++) {
            for (int bits = 0; bits < 16; bits++) {
                STEPS[state * 16 + bits] = step(tree, state, bits);
            }
        }
        int state = 0;
        for (int ones = 0; ones < 8; ones++) {
            MAY_END[state] = true;
            state = tree[state * 2 + 1];
        }
    }

    private Huffman() {}

    /** Two links a node, for 0 and for 1: another node, or the complement of a symbol. */
    private static int[] tree() {
        int[] tree = new int[NODES * 2];
        int nodes = 1;
        int code = 0;
        int length = 0;
        for (int symbol : IntStream.rangeClosed(0, END_OF_STRING)
                .boxed()
                .sorted((a, b) -> LENGTHS[a] - LENGTHS[b])
                .toList()) {
            code = (length == 0 ? 0 : code + 1) << (LENGTHS[symbol] - length);
            length = LENGTHS[symbol];
            int at = 0;
            for (int bit = length - 1; bit > 0; bit--) {
                int link = at * 2 + (code >> bit & 1);
                if (tree[link] == 0) {
                    tree[link] = nodes++;
                }
                at = tree[link];
            }
            tree[at * 2 + (code & 1)] = ~symbol;
        }
        return tree;
    }

    private static int step(int[] tree, int state, int bits) {
        int at = state;
        int emitted = 0;
        for (int bit = 3; bit >= 0; bit--) {
            at = tree[at * 2 + (bits >> bit & 1)];
            if (at == ~END_OF_STRING) {
                return FAILS;
            }
            if (at < 0) {
                emitted = EMITS | ~at << 8;
                at = 0;
            }
        }
        return emitted | at;
    }

    /** Bytes that decoding so many may give at most. */
    static int decodedBound(int encoded) {
        return encoded * 8 / 5;
    }

    /** Decodes and returns the position after the last byte written. */
    static int decode(byte[] from, int start, int end, byte[] to, int position) throws HpackException {
        int state = 0;
        int at = position;
        for (int i = start; i < end; i++) {
            int step = STEPS[(state << 4) | ((from[i] >> 4) & 0xf)];
            if ((step & EMITS) != 0) {
                to[at++] = (byte) (step >> 8);
            }
            int second = STEPS[((step & 0xff) << 4) | (from[i] & 0xf)];
            if ((second & EMITS) != 0) {
                to[at++] = (byte) (second >> 8);
            }
            if (((step | second) & FAILS) != 0) {
                throw new HpackException("Huffman code of the end of a string");
            }
            state = second & 0xff;
        }
        if (!MAY_END[state]) {
            throw new HpackException("Huffman code cut off");
        }
        return at;
    }
}
