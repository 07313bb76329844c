package dev.starling.runtime.route;

import dev.starling.runtime.message.RequestHead;

/** Where the table for a request is read: asked by the data path with each request, so it must be a read. Any thread. */
@FunctionalInterface
public interface RouteTableSource {

    RouteTable table(RequestHead head);
}
