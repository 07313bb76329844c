package dev.starling.admin;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What an operator may have the proxy do. None of it blocks. */
public interface AdminActions {

    /**
     * {@code /drain_listeners}.
     *
     * @param inboundOnly only listeners whose traffic direction is inbound
     * @param graceful connections are discouraged for the drain time before the listeners stop
     * @param skipExit the listeners never stop
     */
    record Drain(boolean inboundOnly, boolean graceful, boolean skipExit) {}

    void drainListeners(Drain drain);

    /** Health checks answer 503, and connections drain. */
    void failHealthCheck();

    /** Takes {@link #failHealthCheck} back. */
    void passHealthCheck();

    /**
     * {@code /runtime_modify}: all of it or nothing. An empty value takes back what was set.
     *
     * @return why not, if it cannot be
     */
    CompletionStage<Optional<String>> modifyRuntime(Map<String, String> values);

    void reopenLogs();

    /** Ends the process, after the answer had its chance to leave. */
    void quit();
}
