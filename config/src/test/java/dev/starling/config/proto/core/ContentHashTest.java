package dev.starling.config.proto.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentHashTest {

    @Test
    void doesNotDependOnTheOrderInWhichAMapWasFilled() {
        assertThat(ContentHash.of(withMetadata(List.of("a", "b", "c"))))
                .isEqualTo(ContentHash.of(withMetadata(List.of("c", "a", "b"))));
    }

    @Test
    void changesWithAnyField() {
        var cluster = Cluster.newBuilder().setName("a");

        assertThat(ContentHash.of(cluster.build()))
                .isNotEqualTo(ContentHash.of(cluster.setAltStatName("b").build()))
                .isNotEqualTo(ContentHash.of(Cluster.newBuilder().setName("b").build()));
    }

    private static Cluster withMetadata(List<String> keys) {
        var metadata = Metadata.newBuilder();
        for (String key : keys) {
            metadata.putFilterMetadata(
                    key,
                    Struct.newBuilder()
                            .putFields(
                                    key, Value.newBuilder().setStringValue(key).build())
                            .build());
        }
        return Cluster.newBuilder().setMetadata(metadata).build();
    }
}
