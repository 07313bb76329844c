package dev.starling.config.route;

/**
 * {@code envoy.config.route.v3.DirectResponseAction}.
 *
 * @param status 200 to 599
 * @param body the bytes, already read from wherever the configuration named; do not modify
 */
public record DirectResponseAction(int status, byte[] body) implements Route.Action {}
