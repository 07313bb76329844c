/** The router: finds the cluster, picks an endpoint, sends the request, brings the response back. */
@NullMarked
package dev.starling.runtime.http.filter.router;

import org.jspecify.annotations.NullMarked;
