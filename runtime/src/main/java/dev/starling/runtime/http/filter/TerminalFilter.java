package dev.starling.runtime.http.filter;

/**
 * The last filter of a chain, which produces the response: the router. What reaches it is only taken note of; it works in
 * its own stage of the flow, on {@link #turn}.
 */
public interface TerminalFilter extends HttpFilter {

    /** The exchange has come to the terminal filter's stage with something to do. */
    void turn();

    /** Whether request body can be taken now; otherwise the client is held back. */
    boolean accepting();

    /** Response bytes have left for the client: as many more may come. */
    void responseConsumed(int bytes);

    /** Somebody else has answered: give the request up. */
    void abandon();
}
