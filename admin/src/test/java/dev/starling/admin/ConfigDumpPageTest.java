package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.HeldResources;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigDumpPageTest {

    private static final DataSource HUSH =
            DataSource.newBuilder().setInlineString("hush").build();

    /** Secrets by themselves, and one deep in a packed message. */
    private static Bootstrap bootstrap() {
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
        Secret.Builder key =
                bootstrap.getStaticResourcesBuilder().addSecretsBuilder().setName("key");
        key.getTlsCertificateBuilder()
                .setCertificateChain(DataSource.newBuilder().setInlineString("this is public"))
                .setPrivateKey(HUSH)
                .setPassword(DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8("hush")));
        bootstrap
                .getStaticResourcesBuilder()
                .addSecretsBuilder()
                .setName("token")
                .getGenericSecretBuilder()
                .setSecret(HUSH);
        bootstrap
                .getStaticResourcesBuilder()
                .addSecretsBuilder()
                .setName("tickets")
                .getSessionTicketKeysBuilder()
                .addKeys(HUSH);
        UpstreamTlsContext.Builder tls = UpstreamTlsContext.newBuilder();
        tls.getCommonTlsContextBuilder().addTlsCertificatesBuilder().setPrivateKey(HUSH);
        bootstrap
                .getStaticResourcesBuilder()
                .addClusters(Cluster.newBuilder()
                        .setName("shop")
                        .setTransportSocket(
                                TransportSocket.newBuilder().setName("tls").setTypedConfig(Any.pack(tls.build()))));
        return bootstrap.build();
    }

    private static String dump(String target) {
        return dump(target, new HeldResources());
    }

    private static String dump(String target, HeldResources held) {
        var page = new ConfigDumpPage(new ConfigDumps(bootstrap(), new ClusterTable(), List::of, held, Instant.EPOCH));
        AdminResponse answer = page.answer(AdminRequest.of("GET", target));
        assertThat(answer.status()).as(target).isEqualTo(200);
        StringBuilder text = new StringBuilder();
        Iterator<String> pieces = ((AdminResponse.Body.Pieces) answer.body()).pieces();
        pieces.forEachRemaining(text::append);
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/config_dump",
                "/config_dump?resource=static_secrets",
                "/config_dump?resource=static_clusters",
                "/config_dump?mask=bootstrap.static_resources.secrets",
                "/config_dump?resource=static_secrets&mask=secret.tls_certificate,secret.generic_secret",
                "/config_dump?name_regex=token"
            })
    void tellsNoSecrets(String target) {
        assertThat(dump(target)).contains("\"[redacted]\"").doesNotContain("hush", "aHVzaA");
    }

    @Test
    void redactsAsEnvoyDoes() {
        assertThat(dump("/config_dump?resource=static_secrets&name_regex=key"))
                .contains("\"private_key\": {\n      \"inline_string\": \"[redacted]\"")
                .contains("\"password\": {\n      \"inline_bytes\": \"W3JlZGFjdGVkXQ==\"")
                .contains("\"inline_string\": \"this is public\"");
    }

    @Test
    void showsWhatControlPlanesHaveSentAndWhatOfItWasRefused() {
        var held = new HeldResources();
        String clusters = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
        String listeners = "type.googleapis.com/envoy.config.listener.v3.Listener";
        var section = held.section();
        section.version(clusters, "7");
        section.put(
                clusters,
                new Held<>(
                        "found",
                        "6",
                        List.of(),
                        Any.pack(Cluster.newBuilder().setName("found").build()),
                        "",
                        0,
                        Instant.EPOCH,
                        false));
        section.refuse(listeners, new HeldResources.RefusedResource("wrong", "9", "address: is taken", Instant.EPOCH));

        String dump = dump("/config_dump", held);

        assertThat(dump)
                .contains("\"version_info\": \"7\"", "\"dynamic_warming_clusters\"", "\"version_info\": \"6\"")
                .contains("\"name\": \"found\"", "\"name\": \"wrong\"", "\"details\": \"address: is taken\"");
    }

    @Test
    void showsSecretsThatAreWatchedWithWhatHasComeOfThem() {
        var held = new HeldResources();
        String type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
        Secret.Builder secret = Secret.newBuilder().setName("come");
        secret.getTlsCertificateBuilder().setPrivateKey(HUSH);
        held.section()
                .put(type, new Held<>("come", "3", List.of(), Any.pack(secret.build()), "", 0, Instant.EPOCH, false));
        held.section()
                .put(type, new Held<>("idle", "4", List.of(), Any.pack(secret.build()), "", 0, Instant.EPOCH, false));
        held.watched(type, "come", Instant.EPOCH);
        held.watched(type, "awaited", Instant.EPOCH);

        assertThat(dump("/config_dump?resource=dynamic_active_secrets", held))
                .contains("\"name\": \"come\"", "\"version_info\": \"3\"", "\"inline_string\": \"[redacted]\"")
                .doesNotContain("idle", "awaited", "hush");
        assertThat(dump("/config_dump?resource=dynamic_warming_secrets", held))
                .contains("\"name\": \"awaited\"", "\"version_info\": \"uninitialized\"")
                .doesNotContain("come");
    }
}
