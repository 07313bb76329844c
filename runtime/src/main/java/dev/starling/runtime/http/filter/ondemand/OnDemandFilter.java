package dev.starling.runtime.http.filter.ondemand;

import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.message.RequestHead;

/**
 * Holds a request back that has no route while the control plane is asked for its virtual host; then it goes on, with or
 * without one. Meanwhile the client is held back by flow control, so that nothing is buffered beyond its window.
 */
final class OnDemandFilter implements HttpFilter {

    private final ExchangeContext context;

    OnDemandFilter(ExchangeContext context) {
        this.context = context;
    }

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        return context.route() == null && context.askForRoutes(this::answered) ? Flow.STOP_ALL : Flow.CONTINUE;
    }

    private void answered() {
        context.clearRoute();
        context.resumeRequest(this);
    }
}
