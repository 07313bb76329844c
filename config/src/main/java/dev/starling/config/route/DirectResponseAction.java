package dev.starling.config.route;

/**
 * {@code envoy.config.route.v3.DirectResponseAction}.
 *
 * @param status 200 to 599
 * @param body the bytes, already read from wherever the configuration named; do not modify
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are written as they are; nothing compares actions by them
public record DirectResponseAction(int status, byte[] body) implements Route.Action {}
