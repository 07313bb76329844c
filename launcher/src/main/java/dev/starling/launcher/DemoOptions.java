package dev.starling.launcher;

/** What {@code starling demo} is told; port 0 takes a free one. */
public record DemoOptions(int port, int adminPort, Options common) {}
