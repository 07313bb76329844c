package dev.starling.runtime.route;

/** Asks the control plane for virtual hosts that the table does not have. Any thread. */
@FunctionalInterface
public interface HostRequests {

    /**
     * @param host of the request, lower case, with its port if it has one
     * @param answered run when the table has the host, or it is known that there is none
     */
    void ask(String host, Runnable answered);
}
