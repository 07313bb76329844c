package dev.starling.runtime.http;

import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.MessageIteration;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;

/** The response of an exchange on its way back through the filters, last to first, and out to the client. */
final class ResponseIteration extends MessageIteration<ResponseHead> {

    private final Exchange exchange;
    private final HttpFilter[] filters;

    ResponseIteration(Exchange exchange, HttpFilter[] filters) {
        super(filters.length);
        this.exchange = exchange;
        this.filters = filters;
    }

    void resume(HttpFilter filter) {
        resume(position(filter));
    }

    void add(HttpFilter filter, ByteBuf bytes) {
        add(position(filter), bytes);
    }

    void end(HttpFilter filter, ByteBuf bytes, Headers trailers) {
        end(position(filter), bytes, trailers);
    }

    private int position(HttpFilter filter) {
        return filters.length - 1 - ConnectionManager.position(filters, filter);
    }

    private HttpFilter filter(int position) {
        return filters[filters.length - 1 - position];
    }

    @Override
    protected HttpFilter.Flow headTo(int filter, ResponseHead head, boolean endStream) {
        return filter(filter).onResponseHead(head, endStream);
    }

    @Override
    protected HttpFilter.Flow dataTo(int filter, Chunk chunk, boolean endStream) {
        return filter(filter).onResponseData(chunk, endStream);
    }

    @Override
    protected HttpFilter.Flow trailersTo(int filter, Headers trailers) {
        return filter(filter).onResponseTrailers(trailers);
    }

    @Override
    protected void headOut(ResponseHead head, boolean endStream) {
        exchange.writeHead(head, endStream);
    }

    @Override
    protected void dataOut(ByteBuf bytes, boolean endStream) {
        exchange.writeData(bytes, endStream);
    }

    @Override
    protected void trailersOut(Headers trailers) {
        exchange.writeTrailers(trailers);
    }

    @Override
    protected void overflow() {
        exchange.responseTooLarge();
    }

    @Override
    protected int bufferLimit() {
        return exchange.bufferLimit();
    }

    @Override
    protected boolean over() {
        return !exchange.sends(this);
    }
}
