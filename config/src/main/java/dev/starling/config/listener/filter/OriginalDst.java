package dev.starling.config.listener.filter;

/** {@code envoy.extensions.filters.listener.original_dst.v3.OriginalDst}. */
public record OriginalDst() {}
