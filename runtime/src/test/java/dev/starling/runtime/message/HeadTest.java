package dev.starling.runtime.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The heads of requests and responses. */
class HeadTest {

    private static RequestHead request(String method, String path, String authority) {
        return new RequestHead(method, path, authority, "http", Protocol.HTTP_1_1, new Headers(), "h2c", 3, false);
    }

    @Test
    void showsPseudoHeadersByName() {
        RequestHead head = request("GET", "/a", "h");
        head.headers().add("x", "y");

        assertThat(head.get(":method")).isEqualTo("GET");
        assertThat(head.get(":path")).isEqualTo("/a");
        assertThat(head.get(":authority")).isEqualTo("h");
        assertThat(head.get("host")).isEqualTo("h");
        assertThat(head.get(":scheme")).isEqualTo("http");
        assertThat(head.get(":status")).isNull();
        assertThat(head.get("x")).isEqualTo("y");
        assertThat(head.get("z")).isNull();
        assertThat(head.get("")).isNull();
    }

    @Test
    void hasNoPseudoHeaderThatIsNotTold() {
        RequestHead head = request("CONNECT", "", "");

        assertThat(head.get(":path")).isNull();
        assertThat(head.get(":authority")).isNull();
        assertThat(head.get("host")).isNull();
        assertThat(head.isConnect()).isTrue();
        assertThat(head.isHead()).isFalse();
    }

    @Test
    void countsTheBytesOfPseudoHeadersThatAreTold() {
        RequestHead head = request("GET", "/a", "h");
        head.headers().add("x", "yz");
        int always = ":methodGET".length() + ":schemehttp".length();

        assertThat(head.byteSize()).isEqualTo(always + ":path/a".length() + ":authorityh".length() + 3);
        head.path("");
        head.authority("");
        assertThat(head.byteSize()).isEqualTo(always + 3);
    }

    @Test
    void changesWithoutItsCopy() {
        RequestHead head = request("GET", "/a", "h");
        head.headers().add("x", "y");
        RequestHead copy = head.copy();
        head.method("HEAD");
        head.path("/b");
        head.authority("i");
        head.scheme("https");
        head.headers().remove("x");

        assertThat(head.isHead()).isTrue();
        assertThat(copy.method() + copy.path() + copy.authority() + copy.scheme() + copy.upgrade())
                .isEqualTo("GET/ahhttph2c");
        assertThat(copy.headers()).hasToString("x: y\n");
        assertThat(copy.contentLength()).isEqualTo(3);
        assertThat(copy.endStream()).isFalse();
        assertThat(copy.protocol()).isEqualTo(Protocol.HTTP_1_1);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false", "103, true", "199, true", "200, false", "599, false"})
    void knowsWhetherAnotherHeadFollows(int status, boolean informational) {
        ResponseHead head = new ResponseHead(status, Protocol.HTTP_1_1, new Headers(), -1, true);

        assertThat(head.informational()).isEqualTo(informational);
    }

    @Test
    void showsTheStatusByName() {
        ResponseHead head = new ResponseHead(200, Protocol.HTTP_1_0, new Headers(), 5, false);
        head.headers().add("x", "yz");
        head.status(503);

        assertThat(head.get(":status")).isEqualTo("503");
        assertThat(head.get("x")).isEqualTo("yz");
        assertThat(head.get(":path")).isNull();
        assertThat(head.byteSize()).isEqualTo(":status503".length() + 3);
    }
}
