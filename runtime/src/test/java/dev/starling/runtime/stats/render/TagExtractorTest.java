package dev.starling.runtime.stats.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagExtractorTest {

    private final TagExtractor extractor = new TagExtractor();

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            cluster.shop.upstream_rq_200 | cluster.upstream_rq | response_code=200 cluster_name=shop
            cluster.shop.upstream_rq_2xx | cluster.upstream_rq_xx | response_code_class=2 cluster_name=shop
            cluster.shop.canary.upstream_rq_503 | cluster.canary.upstream_rq | response_code=503 cluster_name=shop
            cluster.shop.upstream_rq_20x | cluster.upstream_rq_20x | cluster_name=shop
            cluster.shop.circuit_breakers.high.cx_open | cluster.circuit_breakers.high.cx_open | cluster_name=shop
            cluster.a.b.upstream_cx_total | cluster.b.upstream_cx_total | cluster_name=a
            cluster.a.ssl.ciphers.ECDHE-RSA | cluster.ssl.ciphers | ssl_cipher=ECDHE-RSA cluster_name=a
            cluster.a.ssl.versions.TLSv1.3 | cluster.ssl.versions | ssl_version=TLSv1.3 cluster_name=a
            cluster.a.ssl.curves.X25519 | cluster.ssl.curves | ssl_curve=X25519 cluster_name=a
            cluster.a.health_check.name.ping.attempt | cluster.health_check.attempt | health_check_name=ping cluster_name=a
            cluster.a.grpc.svc.method.total | cluster.grpc.total | grpc_bridge_method=method grpc_bridge_service=svc cluster_name=a
            cluster.a.ext_authz.p.ok | cluster.ext_authz.ok | cluster_name=a ext_authz_prefix=p
            cluster_manager.active_clusters | cluster_manager.active_clusters | ''
            http.edge.downstream_rq_total | http.downstream_rq_total | http_conn_manager_prefix=edge
            http.edge.rds.my.routes.config_reload | http.rds.config_reload | rds_route_config=my.routes http_conn_manager_prefix=edge
            http.edge.user_agent.ios.downstream_cx_total | http.user_agent.downstream_cx_total | http_user_agent=ios http_conn_manager_prefix=edge
            http.edge.fault.shop.delays_injected | http.fault.delays_injected | fault_downstream_cluster=shop http_conn_manager_prefix=edge
            listener.127.0.0.1_80.downstream_cx_total | listener.downstream_cx_total | listener_address=127.0.0.1_80
            listener.[__1]_80.downstream_cx_total | listener.downstream_cx_total | listener_address=[__1]_80
            listener.name.downstream_cx_total | listener.downstream_cx_total | listener_address=name
            listener.1.2.downstream_cx_total.x.y | listener.2.downstream_cx_total.x.y | listener_address=1
            listener.admin.downstream_cx_total | listener.admin.downstream_cx_total | ''
            listener.127.0.0.1_80.worker_12.downstream_cx_total | listener.worker_downstream_cx_total | worker_id=12 listener_address=127.0.0.1_80
            listener.name.worker_1.downstream_cx_total | listener.worker_downstream_cx_total | worker_id=1 listener_address=name
            listener.127.0.0.1_80.http.edge.downstream_rq_4xx | listener.http.downstream_rq_xx | response_code_class=4 http_conn_manager_prefix=edge listener_address=127.0.0.1_80
            listener.10.0.0.1_443.ssl.ciphers.AES | listener.ssl.ciphers | ssl_cipher=AES listener_address=10.0.0.1_443
            listener_manager.worker_0.dispatcher.loop_duration_us | listener_manager.worker_dispatcher.loop_duration_us | worker_id=0
            server.worker_3.watchdog_miss | server.worker_watchdog_miss | worker_id=3
            server.workers.x | server.workers.x | ''
            server.live | server.live | ''
            tcp.ingress.downstream_cx_total | tcp.downstream_cx_total | tcp_prefix=ingress
            udp.u.idle_timeout | udp.idle_timeout | udp_prefix=u
            vhost.v.vcluster.c.upstream_rq_total | vhost.vcluster.upstream_rq_total | virtual_cluster=c virtual_host=v
            vhost.v.route.r.upstream_rq_total | vhost.route.upstream_rq_total | virtual_host=v route=r
            pre.http_local_rate_limit.enabled | http_local_rate_limit.enabled | local_http_ratelimit_prefix=pre
            """)
    void cutsEnvoysDefaultTags(String name, String rest, String tags) {
        ExtractedName extracted = extractor.extract(name);

        assertThat(extracted.name()).isEqualTo(rest);
        assertThat(extracted.tags().stream()
                        .map(tag -> tag.name().replace("envoy.", "") + "=" + tag.value())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(tags);
    }
}
