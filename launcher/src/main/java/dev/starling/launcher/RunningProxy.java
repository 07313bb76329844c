package dev.starling.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A proxy in this process. */
public interface RunningProxy {

    /** Where the admin server accepts, if there is one. */
    Optional<InetSocketAddress> adminAddress();

    /** Where a listener accepts; its port is real although it may have been configured as 0. */
    InetSocketAddress listenerAddress(String listener);

    /**
     * Stops accepting and closes idle connections. Exchanges in flight may go on for the grace, then all is over. Asked
     * again while that lasts, the shorter grace counts; zero ends everything now. Never blocks.
     */
    void stop(Duration grace);

    /** Completes when all is over: after {@link #stop}, or because the admin server was told to quit. */
    CompletionStage<Void> ended();

    /** Opens access log files anew, for whoever rotated them away. */
    void reopenAccessLogs() throws IOException;
}
