package dev.starling.config.tcp;

import dev.starling.config.HeaderMutation;
import dev.starling.config.accesslog.FormatString;
import java.util.List;

/**
 * {@code TcpProxy.TunnelingConfig}: the bytes go to the endpoint in a CONNECT, or in the body of a POST.
 *
 * @param hostname the authority, which may contain operators
 * @param postPath empty: CONNECT
 * @param keepsHeaders logs can say what came with the endpoint's answer
 * @param keepsTrailers logs can say what came behind it
 */
public record TunnelingConfig(
        FormatString hostname,
        String postPath,
        List<HeaderMutation> headersToAdd,
        boolean keepsHeaders,
        boolean keepsTrailers) {

    public TunnelingConfig {
        headersToAdd = List.copyOf(headersToAdd);
    }

    public boolean usesPost() {
        return !postPath.isEmpty();
    }
}
