package dev.starling.config.http;

import dev.starling.config.ByteCount;

/**
 * Bounds on what a downstream may send.
 *
 * @param requestHeaders request line and headers together: default 60 KiB
 * @param headersCount default 100
 * @param requestsPerConnection 0: no limit
 */
public record HttpLimits(
        ByteCount requestHeaders, int headersCount, int requestsPerConnection, UnderscoreAction underscores) {

    public static final HttpLimits DEFAULT = new HttpLimits(ByteCount.kibibytes(60), 100, 0, UnderscoreAction.ALLOW);

    /** {@code headers_with_underscores_action}. */
    public enum UnderscoreAction {
        ALLOW,
        REJECT_REQUEST,
        DROP_HEADER
    }
}
