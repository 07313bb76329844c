package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;

/** A terminal network filter as one filter chain has it, for all loops. Immutable. */
public interface NetworkFilter {

    /** Starts it on a loop; called there, once. */
    LoopFilter onLoop(Loop loop);
}
