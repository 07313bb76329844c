package dev.starling.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrpcStatusTest {

    @Test
    void readsAStatusWithinGrpcsCodes() {
        assertThat(GrpcStatus.parse("0")).isEqualTo(GrpcStatus.OK);
        assertThat(GrpcStatus.parse("16")).isEqualTo(GrpcStatus.UNAUTHENTICATED);
        assertThat(GrpcStatus.parse(" +7 ")).isEqualTo(GrpcStatus.PERMISSION_DENIED);
        assertThat(GrpcStatus.parse("17")).isEqualTo(GrpcStatus.INVALID);
        assertThat(GrpcStatus.parseAny("17")).isEqualTo(17);
        assertThat(GrpcStatus.parse(null)).isEqualTo(GrpcStatus.NONE);
        assertThat(GrpcStatus.parse("")).isEqualTo(GrpcStatus.NONE);
        for (String broken : new String[] {"x", "-1", " ", "+", "1234567890", "1.0"}) {
            assertThat(GrpcStatus.parseAny(broken)).as(broken).isEqualTo(GrpcStatus.INVALID);
        }
    }

    @Test
    void mapsToHttpAndBackAsEnvoyDoes() {
        assertThat(GrpcStatus.ofHttp(400)).isEqualTo(GrpcStatus.INTERNAL);
        assertThat(GrpcStatus.ofHttp(404)).isEqualTo(GrpcStatus.UNIMPLEMENTED);
        assertThat(GrpcStatus.ofHttp(504)).isEqualTo(GrpcStatus.UNAVAILABLE);
        assertThat(GrpcStatus.ofHttp(200)).isEqualTo(GrpcStatus.UNKNOWN);
        assertThat(GrpcStatus.toHttp(GrpcStatus.OK)).isEqualTo(200);
        assertThat(GrpcStatus.toHttp(GrpcStatus.DEADLINE_EXCEEDED)).isEqualTo(504);
        assertThat(GrpcStatus.toHttp(5)).isEqualTo(404);
        assertThat(GrpcStatus.toHttp(GrpcStatus.INVALID)).isEqualTo(500);
        assertThat(GrpcStatus.toHttp(99)).isEqualTo(500);
    }

    @Test
    void namesCodesInBothStyles() {
        assertThat(GrpcStatus.camelName(1)).isEqualTo("Canceled");
        assertThat(GrpcStatus.snakeName(1)).isEqualTo("CANCELLED");
        assertThat(GrpcStatus.camelName(42)).isEqualTo("42");
        assertThat(GrpcStatus.snakeName(-1)).isEqualTo("-1");
    }
}
