package dev.starling.runtime.upstream.call;

import dev.starling.config.discovery.RestApi;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.xds.transport.Fetcher;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Questions to control planes ({@code REST}) as requests to clusters of ours. */
public final class ClusterFetcher implements Fetcher {

    private final OwnClusters clusters;

    public ClusterFetcher(OwnClusters clusters) {
        this.clusters = clusters;
    }

    @Override
    public Runnable post(RestApi api, String path, ByteBuffer json, Consumer<Fetched> answered) {
        Loop loop = clusters.loop();
        Headers headers = new Headers();
        headers.add(HeaderName.CONTENT_TYPE, "application/json");
        headers.add(HeaderName.CONTENT_LENGTH, json.remaining());
        clusters.addOwnHeaders(headers);
        headers.add(
                HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, api.requestTimeout().toMillis());
        RequestHead head = new RequestHead(
                "POST", path, api.cluster(), "http", Protocol.HTTP_1_1, headers, "", json.remaining(), false);
        HttpFetch fetch = new HttpFetch(json, answered);
        clusters.onLoop(() -> fetch.start(loop, clusters.find(api.cluster()), head, api.requestTimeout()));
        return () -> clusters.onLoop(fetch::cancel);
    }
}
