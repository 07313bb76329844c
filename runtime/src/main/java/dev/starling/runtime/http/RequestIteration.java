package dev.starling.runtime.http;

import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.MessageIteration;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import io.netty.buffer.ByteBuf;

/** The request of an exchange on its way through the filters; the last one, the router, keeps what reaches it. */
final class RequestIteration extends MessageIteration<RequestHead> {

    private final Exchange exchange;
    private final HttpFilter[] filters;

    RequestIteration(Exchange exchange, HttpFilter[] filters) {
        super(filters.length);
        this.exchange = exchange;
        this.filters = filters;
    }

    void resume(HttpFilter filter) {
        resume(ConnectionManager.position(filters, filter));
    }

    void add(HttpFilter filter, ByteBuf bytes) {
        add(ConnectionManager.position(filters, filter), bytes);
    }

    @Override
    protected HttpFilter.Flow headTo(int filter, RequestHead head, boolean endStream) {
        return filters[filter].onRequestHead(head, endStream);
    }

    @Override
    protected HttpFilter.Flow dataTo(int filter, Chunk chunk, boolean endStream) {
        return filters[filter].onRequestData(chunk, endStream);
    }

    @Override
    protected HttpFilter.Flow trailersTo(int filter, Headers trailers) {
        return filters[filter].onRequestTrailers(trailers);
    }

    @Override
    protected void headOut(RequestHead head, boolean endStream) {}

    @Override
    protected void dataOut(ByteBuf bytes, boolean endStream) {
        bytes.release();
    }

    @Override
    protected void trailersOut(Headers trailers) {}

    @Override
    protected void overflow() {
        exchange.requestTooLarge();
    }

    @Override
    protected int bufferLimit() {
        return exchange.bufferLimit();
    }

    @Override
    protected boolean over() {
        return !exchange.takesRequest();
    }
}
