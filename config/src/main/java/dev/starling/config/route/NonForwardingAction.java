package dev.starling.config.route;

/** {@code non_forwarding_action}: for servers that answer themselves; a proxy cannot route to it. */
public record NonForwardingAction() implements Route.Action {}
