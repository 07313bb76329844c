package dev.starling.config.http;

import dev.starling.config.matcher.StringMatcher;
import java.util.List;

/**
 * {@code Http1ProtocolOptions} of a listener.
 *
 * @param acceptHttp10 otherwise HTTP/1.0 is answered 426
 * @param defaultHostForHttp10 empty for none
 * @param enableTrailers otherwise trailers are read, checked and dropped
 * @param ignoredUpgrades protocols that a request is taken not to have asked for
 */
public record Http1Options(
        boolean allowAbsoluteUrl,
        boolean acceptHttp10,
        String defaultHostForHttp10,
        boolean enableTrailers,
        boolean allowChunkedLength,
        HeaderCase headerCase,
        List<StringMatcher> ignoredUpgrades) {

    public Http1Options {
        ignoredUpgrades = List.copyOf(ignoredUpgrades);
    }

    public Http1Options(
            boolean allowAbsoluteUrl,
            boolean acceptHttp10,
            String defaultHostForHttp10,
            boolean enableTrailers,
            boolean allowChunkedLength,
            HeaderCase headerCase) {
        this(
                allowAbsoluteUrl,
                acceptHttp10,
                defaultHostForHttp10,
                enableTrailers,
                allowChunkedLength,
                headerCase,
                List.of());
    }

    public static final Http1Options DEFAULT = new Http1Options(true, false, "", false, false, HeaderCase.LOWER);

    /** How header names are written. */
    public enum HeaderCase {
        LOWER,
        PROPER_CASE_WORDS
    }
}
