package dev.starling.config.http;

/**
 * What happens to the path and authority before routing, in this order: escaped slashes, normalisation, merged slashes.
 *
 * @param stripPort from the authority: never, the listener's own, or any
 */
public record PathHandling(
        boolean normalize,
        boolean mergeSlashes,
        EscapedSlashes escapedSlashes,
        StripPort stripPort,
        boolean stripTrailingHostDot) {

    public static final PathHandling DEFAULT =
            new PathHandling(false, false, EscapedSlashes.KEEP_UNCHANGED, StripPort.NONE, false);

    /** {@code path_with_escaped_slashes_action}. */
    public enum EscapedSlashes {
        KEEP_UNCHANGED,
        REJECT_REQUEST,
        UNESCAPE_AND_REDIRECT,
        UNESCAPE_AND_FORWARD
    }

    /** {@code strip_matching_host_port} and {@code strip_any_host_port}. */
    public enum StripPort {
        NONE,
        MATCHING,
        ANY
    }
}
