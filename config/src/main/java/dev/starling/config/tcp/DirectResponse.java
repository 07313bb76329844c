package dev.starling.config.tcp;

/**
 * {@code envoy.extensions.filters.network.direct_response.v3.Config}: writes the bytes and closes.
 *
 * @param response do not modify
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are written as they are; nothing compares settings by them
public record DirectResponse(byte[] response) {}
