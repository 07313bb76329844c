package dev.starling.tests.xds;

import io.grpc.Server;
import java.util.concurrent.TimeUnit;

/** The servers of gRPC that tests run. */
final class GrpcServers {

    private static final int PATIENCE_SECONDS = 10;

    private GrpcServers() {}

    /** At once, with all that is open. */
    static void stop(Server server) {
        try {
            server.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
