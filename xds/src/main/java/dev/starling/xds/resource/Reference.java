package dev.starling.xds.resource;

/** A resource that another one needs, on the same stream. */
public record Reference(String typeUrl, String name) {}
