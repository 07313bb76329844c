package dev.starling.runtime.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Content types, methods and messages. */
class WordsTest {

    @Test
    void tellsGrpcFromWhatBeginsLikeIt() {
        assertThat(ContentTypes.isGrpc("application/grpc")).isTrue();
        assertThat(ContentTypes.isGrpc("application/grpc+json")).isTrue();
        assertThat(ContentTypes.isGrpc("application/grpc-web")).isFalse();
        assertThat(ContentTypes.isGrpc("application/grpc;a=b")).isFalse();
        assertThat(ContentTypes.isGrpc(null)).isFalse();
        assertThat(ContentTypes.isGrpcWeb("application/grpc-web+proto")).isTrue();
        assertThat(ContentTypes.isGrpcWeb("application/grpc-web-text")).isFalse();
        assertThat(ContentTypes.isGrpcWebText("application/grpc-web-text+proto"))
                .isTrue();
        assertThat(ContentTypes.isGrpcWebAnyCase("Application/gRPC-Web ; a=b")).isTrue();
        assertThat(ContentTypes.isGrpcWebAnyCase("text/plain")).isFalse();
    }

    @Test
    void findsTheMethodInAPathOfTwoParts() {
        assertThat(GrpcMethod.of("/a.b.S/M")).isEqualTo(new GrpcMethod("a.b.S", "M"));
        assertThat(GrpcMethod.of("//S//M/")).isEqualTo(new GrpcMethod("S", "M"));
        assertThat(GrpcMethod.of("/S/M?x=/y/z")).isEqualTo(new GrpcMethod("S", "M"));
        assertThat(GrpcMethod.of("/S")).isNull();
        assertThat(GrpcMethod.of("/S/M/x")).isNull();
        assertThat(GrpcMethod.of("/?/S/M")).isNull();
        assertThat(new GrpcMethod("a.b.S", "M.N").withoutDots()).isEqualTo(new GrpcMethod("a_b_S", "M.N"));
    }

    @Test
    void encodesWhatIsNotPrintable() {
        byte[] text = "50% ~ é\n".getBytes(UTF_8);
        assertThat(GrpcMessage.encode(text, text.length)).isEqualTo("50%25 %7E %C3%A9%0A");
        assertThat(GrpcMessage.encode(text, 2)).isEqualTo("50");
    }
}
