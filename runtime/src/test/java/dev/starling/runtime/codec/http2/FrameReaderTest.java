package dev.starling.runtime.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every frame under every cut, and every frame that is wrong by itself. */
class FrameReaderTest {

    private static final String MANY = "000006 04 00 00000000 0003 00000064" // SETTINGS
            + "000000 04 01 00000000" // its acknowledgement
            + "000003 01 04 00000001 828684" // HEADERS
            + "00000a 01 2c 00000003 02 00000001 0f 8286 0000" // padded, with priority
            + "000002 01 01 00000005 8286 000001 09 04 00000005 84" // in two frames
            + "000005 00 00 00000001 68656c6c6f" // DATA
            + "000008 00 09 00000001 02 68656c6c6f 0000" // padded
            + "000005 02 00 00000003 80000001 10" // PRIORITY
            + "000004 03 00 00000003 00000008" // RST_STREAM
            + "000008 06 00 00000000 0102030405060708" // PING
            + "000008 06 01 00000000 0102030405060708"
            + "00000a 07 00 00000000 00000007 0000000b 6869" // GOAWAY
            + "000004 08 00 00000000 00000400" // WINDOW_UPDATE
            + "000004 08 00 00000001 80000400"
            + "000003 2a 00 00000001 010203"; // unknown

    private static final List<String> TOLD = List.of(
            "setting 3 = 100",
            "settings",
            "settings ack",
            "headers 1 828684 first endHeaders",
            "priority 3 on 1",
            "headers 3 8286 first endHeaders",
            "headers 5 8286 first endStream",
            "headers 5 84 endHeaders",
            "data 1 hello 5",
            "data 1 hello 8 end",
            "priority 3 on 1",
            "reset 3 CANCEL",
            "ping 102030405060708",
            "ping 102030405060708 ack",
            "goaway 7 ENHANCE_YOUR_CALM",
            "window 0 1024",
            "window 1 1024");

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final List<String> told = new ArrayList<>();
    private final Noting reader = new Noting();

    private final class Noting extends FrameReader {

        @Override
        void onData(int stream, ByteBuf bytes, int flowBytes, boolean end) {
            told.add("data " + stream + " " + bytes.toString(StandardCharsets.US_ASCII) + " " + flowBytes
                    + (end ? " end" : ""));
            bytes.release();
        }

        @Override
        void onHeaders(int stream, ByteBuf fragment, boolean first, boolean endStream, boolean endHeaders) {
            told.add("headers " + stream + " " + ByteBufUtil.hexDump(fragment) + (first ? " first" : "")
                    + (endStream ? " endStream" : "") + (endHeaders ? " endHeaders" : ""));
        }

        @Override
        void onPriority(int stream, int dependency) {
            told.add("priority " + stream + " on " + dependency);
        }

        @Override
        void onReset(int stream, Http2Error error) {
            told.add("reset " + stream + " " + error);
        }

        @Override
        void onSetting(int id, long value) {
            told.add("setting " + id + " = " + value);
        }

        @Override
        void onSettings() {
            told.add("settings");
        }

        @Override
        void onSettingsAck() {
            told.add("settings ack");
        }

        @Override
        void onPing(boolean ack, long data) {
            told.add("ping " + Long.toHexString(data) + (ack ? " ack" : ""));
        }

        @Override
        void onGoAway(int lastStream, Http2Error error) {
            told.add("goaway " + lastStream + " " + error);
        }

        @Override
        void onWindowUpdate(int stream, int increment) {
            told.add("window " + stream + " " + increment);
        }

        @Override
        boolean wantsMore() {
            return true;
        }
    }

    private void read(String hex) throws Http2Exception {
        read(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private void read(byte[] bytes) throws Http2Exception {
        reader.feed(allocator.buffer(bytes.length).writeBytes(bytes), allocator);
    }

    @AfterEach
    void releasesEverything() {
        reader.release();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .isZero();
    }

    @Test
    void readsFrames() throws Http2Exception {
        read(MANY);

        assertThat(told).isEqualTo(TOLD);
    }

    @Test
    void readsFramesUnderEveryCut() throws Http2Exception {
        byte[] bytes = HexFormat.of().parseHex(MANY.replace(" ", ""));
        for (int cut = 1; cut < bytes.length; cut++) {
            told.clear();
            read(Arrays.copyOf(bytes, cut));
            read(Arrays.copyOfRange(bytes, cut, bytes.length));

            assertThat(told).as("cut at %d", cut).isEqualTo(TOLD);
        }
        told.clear();
        for (byte each : bytes) {
            read(new byte[] {each});
        }
        assertThat(told).isEqualTo(TOLD);
    }

    @ParameterizedTest
    @CsvSource({
        "004001 00 00 00000001, FRAME_SIZE_ERROR, http2.frame_too_large",
        "000001 00 00 00000000 00, PROTOCOL_ERROR, http2.frame_without_stream",
        "000000 00 08 00000001, FRAME_SIZE_ERROR, http2.padding_missing",
        "000002 00 08 00000001 0200, PROTOCOL_ERROR, http2.padding_too_long",
        "000004 01 24 00000001 00000000, FRAME_SIZE_ERROR, http2.headers_too_short",
        "000001 01 04 00000000 82, PROTOCOL_ERROR, http2.frame_without_stream",
        "000004 02 00 00000001 00000000, FRAME_SIZE_ERROR, http2.priority_size",
        "000005 02 00 00000000 0000000000, PROTOCOL_ERROR, http2.frame_without_stream",
        "000003 03 00 00000001 000000, FRAME_SIZE_ERROR, http2.rst_stream_size",
        "000004 03 00 00000000 00000000, PROTOCOL_ERROR, http2.frame_without_stream",
        "000005 04 00 00000000 0000000000, FRAME_SIZE_ERROR, http2.settings_size",
        "000006 04 01 00000000 000000000000, FRAME_SIZE_ERROR, http2.settings_ack_size",
        "000000 04 00 00000001, PROTOCOL_ERROR, http2.connection_frame_on_stream",
        "000000 05 04 00000001, PROTOCOL_ERROR, http2.push_promise",
        "000007 06 00 00000000 00000000000000, FRAME_SIZE_ERROR, http2.ping_size",
        "000008 06 00 00000001 0000000000000000, PROTOCOL_ERROR, http2.connection_frame_on_stream",
        "000007 07 00 00000000 00000000000000, FRAME_SIZE_ERROR, http2.goaway_size",
        "000003 08 00 00000000 000000, FRAME_SIZE_ERROR, http2.window_update_size",
        "000001 09 04 00000001 82, PROTOCOL_ERROR, http2.continuation_of_nothing",
        "000001 01 00 00000001 82 000001 09 04 00000003 82, PROTOCOL_ERROR, http2.header_block_interrupted",
        "000001 01 00 00000001 82 000001 00 00 00000001 82, PROTOCOL_ERROR, http2.header_block_interrupted",
    })
    void refuses(String hex, Http2Error error, String detail) {
        assertThatThrownBy(() -> read(hex)).isInstanceOfSatisfying(Http2Exception.class, refused -> {
            assertThat(refused.error()).isEqualTo(error);
            assertThat(refused).hasMessage(detail);
        });
    }
}
