package dev.starling.runtime.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.hpack.HpackDecoder;
import dev.starling.runtime.codec.hpack.HpackException;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageFieldsTest {

    private static final String GET = ":method=GET|:scheme=http|:path=/x|:authority=a.test";

    private final HpackDecoder decoder = new HpackDecoder(4096, 4096);
    private final HeaderBlock block = new HeaderBlock(10_000, 100);
    private final MessageFields fields = new MessageFields();

    /** {@code name=value|name=value}, with {@code \n} and the like for what cannot be seen. */
    private HeaderBlock block(String text) throws HpackException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (String field : text.translateEscapes().split("\\|", -1)) {
            int separator = field.indexOf('=');
            encoded.write(0);
            for (String part : new String[] {field.substring(0, separator), field.substring(separator + 1)}) {
                byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
                encoded.write(bytes.length);
                encoded.writeBytes(bytes);
            }
        }
        decoder.decode(encoded.toByteArray(), 0, encoded.size(), block);
        return block;
    }

    @Test
    void makesARequest() throws Exception {
        RequestHead head = fields.request(block(GET + "|accept=*/*|te=trailers|x=" + "\u00e4"), true);

        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.path()).isEqualTo("/x");
        assertThat(head.scheme()).isEqualTo("http");
        assertThat(head.authority()).isEqualTo("a.test");
        assertThat(head.protocol()).isEqualTo(Protocol.HTTP_2);
        assertThat(head.endStream()).isTrue();
        assertThat(head.headers()).hasToString("accept: */*\nte: trailers\nx: \u00e4\n");
    }

    @Test
    void takesHostWhereThereIsNoAuthorityAndElseDropsIt() throws Exception {
        String plain = ":method=GET|:scheme=http|:path=/";

        assertThat(fields.request(block(plain + "|host=b.test"), true).authority())
                .isEqualTo("b.test");
        RequestHead both = fields.request(block(plain + "|:authority=a.test|host=b.test"), true);

        assertThat(both.authority()).isEqualTo("a.test");
        assertThat(both.headers().contains(HeaderName.HOST)).isFalse();
    }

    @Test
    void joinsCookies() throws Exception {
        RequestHead head = fields.request(block(GET + "|cookie=a=1|x=y|cookie=b=2|cookie=c=3"), true);

        assertThat(head.headers()).hasToString("x: y\ncookie: a=1; b=2; c=3\n");
    }

    @Test
    void tellsTheLength() throws Exception {
        assertThat(fields.request(block(GET + "|content-length=12"), false).contentLength())
                .isEqualTo(12);
        assertThat(fields.request(block(GET), false).contentLength()).isEqualTo(-1);
    }

    @Test
    void takesConnectWithAnAuthorityAlone() throws Exception {
        RequestHead head = fields.request(block(":method=CONNECT|:authority=a.test:80"), false);

        assertThat(head.isConnect()).isTrue();
        assertThat(head.authority()).isEqualTo("a.test:80");
        assertThat(head.path()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ":method=GET|:scheme=http|:authority=a, http2.violation.of.messaging.rule",
        ":scheme=http|:path=/|:authority=a, http2.violation.of.messaging.rule",
        ":method=GET|:path=/|:authority=a, http2.violation.of.messaging.rule",
        ":method=GET|:scheme=http|:path=|:authority=a, http2.invalid.header.field",
        ":method=CONNECT|:scheme=http|:path=/|:authority=a, http2.violation.of.messaging.rule",
        ":method=CONNECT|x=y, http2.violation.of.messaging.rule",
        ":method=GET|:scheme=http|:path=/|:path=/, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|:authority=a|:authority=a, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|:status=200, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|:any=x, http2.invalid.header.field",
        ":method=GET|:scheme=http|x=y|:path=/, http2.invalid.header.field",
        ":method=GE T|:scheme=http|:path=/, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=x, http2.violation.of.messaging.rule",
        ":method=GET|:scheme=http|:path=*, http2.violation.of.messaging.rule",
        ":method=GET|:scheme=http|:path=/a b, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/a\\r\\nb, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|Upper=x, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|=x, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|a b=x, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|a\\u0000=x, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|a=x\\ny, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|a=\\0, http2.invalid.header.field",
        "':method=GET|:scheme=http|:path=/|a= x', http2.invalid.header.field",
        "':method=GET|:scheme=http|:path=/|a=x\\t', http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|connection=close, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|keep-alive=1, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|proxy-connection=1, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|transfer-encoding=chunked, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|upgrade=h2c, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|te=gzip, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|content-length=1|content-length=1, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|content-length=+1, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|content-length=, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|content-length=1, http2.violation.of.messaging.rule",
        ":method=GET|:scheme=http|:path=/, http2.violation.of.messaging.rule",
        ":method=GET|:scheme=http|:path=/|:authority=, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|:authority=u@a, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|:authority=a/b, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|:authority=a|host=, http2.invalid.header.field",
        ":method=GET|:scheme=ht tp|:path=/|:authority=a, http2.invalid.header.field",
        ":method=GET|:scheme=http|:path=/|host=a|host=b, http2.invalid.header.field",
    })
    void refusesRequests(String text, String detail) {
        assertThatThrownBy(() -> fields.request(block(text.replace("\\u0000", "\\0")), true))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage(detail);
    }

    @Test
    void refusesPseudoHeadersInTrailers() throws Exception {
        assertThat(fields.trailers(block("grpc-status=0"))).hasToString("grpc-status: 0\n");
        assertThatThrownBy(() -> fields.trailers(block(":path=/"))).isInstanceOf(MalformedMessage.class);
    }
}
