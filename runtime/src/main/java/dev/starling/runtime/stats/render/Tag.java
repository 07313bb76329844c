package dev.starling.runtime.stats.render;

/** Part of a stat's name that is shown as a label, such as {@code envoy.cluster_name}. */
public record Tag(String name, String value) {}
