package dev.starling.config.http;

/** The filter that serves what control planes have sent. It has no settings. */
public record XdsRelay() {}
