package dev.starling.runtime.http.filter;

import dev.starling.config.Extension;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.stats.Counter;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filter whose configuration comes by itself: each exchange gets what is configured when it begins. As long as there is no
 * configuration, requests are answered as Envoy does.
 */
public final class DiscoveredFilter implements HttpFilter.Maker {

    private static final Logger log = LoggerFactory.getLogger(DiscoveredFilter.class);

    private final String name;
    private final Function<Extension, HttpFilter.Maker> makers;
    private final Counter missing;
    private volatile HttpFilter.Maker current;

    /** @param missing counts requests that come without a configuration */
    public DiscoveredFilter(String name, Function<Extension, HttpFilter.Maker> makers, Counter missing) {
        this.name = name;
        this.makers = makers;
        this.missing = missing;
        this.current = this::unconfigured;
    }

    /** For exchanges that begin from now on. */
    public void use(Optional<Extension> config) {
        try {
            current = config.map(makers).orElse(this::unconfigured);
        } catch (
                RuntimeException fault) { // validated, so a bug: but one that must not take the filter in service along
            log.error("filter {} cannot be configured anew", name, fault);
        }
    }

    @Override
    public HttpFilter make(ExchangeContext context) {
        return current.make(context);
    }

    private HttpFilter unconfigured(ExchangeContext context) {
        return new HttpFilter() {
            @Override
            public Flow onRequestHead(RequestHead head, boolean endStream) {
                missing.inc(context.loop().stats());
                context.sendLocalReply(LocalReply.of(500, "", ResponseFlag.NFCF, ""));
                return Flow.STOP_ALL;
            }
        };
    }
}
