package dev.starling.runtime.http.filter;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.message.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An answer made by the proxy.
 *
 * @param body plain text, may be empty
 * @param details response code details as Envoy words them
 * @param headers further headers, or null
 */
public record LocalReply(
        int status,
        String body,
        @Nullable ResponseFlag flag,
        String details,
        @Nullable Headers headers) {

    public static LocalReply of(int status, String body, @Nullable ResponseFlag flag, String details) {
        return new LocalReply(status, body, flag, details, null);
    }
}
