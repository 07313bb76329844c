package dev.starling.bench.xds;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Asks a proxy's admin server. */
final class Admin {

    private static final int BETWEEN_NANOS = 2_000_000;
    private static final int PATIENCE_SECONDS = 120;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest members;

    Admin(int port) {
        members = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + port + "/stats?filter=%5Ecluster.cluster-0.membership_total%24"))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .build();
    }

    /** Until the cluster that is asked has so many endpoints. */
    void awaitMembers(int count) throws IOException, InterruptedException {
        String awaited = "cluster.cluster-0.membership_total: " + count;
        long endNanos = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        for (String had = members(); !had.equals(awaited); had = members()) {
            if (System.nanoTime() - endNanos > 0) {
                throw new IllegalStateException(had + " for " + awaited);
            }
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    private String members() throws IOException, InterruptedException {
        return http.send(members, BodyHandlers.ofString()).body().strip();
    }
}
