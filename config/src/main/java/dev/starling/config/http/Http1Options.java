package dev.starling.config.http;

/**
 * {@code Http1ProtocolOptions} of a listener.
 *
 * @param acceptHttp10 otherwise HTTP/1.0 is answered 426
 * @param defaultHostForHttp10 empty for none
 * @param enableTrailers otherwise trailers are read, checked and dropped
 */
public record Http1Options(
        boolean allowAbsoluteUrl,
        boolean acceptHttp10,
        String defaultHostForHttp10,
        boolean enableTrailers,
        boolean allowChunkedLength,
        HeaderCase headerCase) {

    public static final Http1Options DEFAULT = new Http1Options(true, false, "", false, false, HeaderCase.LOWER);

    /** How header names are written. */
    public enum HeaderCase {
        LOWER,
        PROPER_CASE_WORDS
    }
}
