package dev.starling.runtime.codec;

import dev.starling.config.http.Http1Options;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * What a decoder told, as lines of text that do not depend on how the bytes were cut: {@code GET /a host {x-a: 1}},
 * {@code data abc}, {@code trailers {x: y}}, {@code end}; the last line of a refused message is the refusal.
 */
final class Transcript {

    static final int MAX_HEAD_BYTES = 8 * 1024;
    static final int MAX_FIELDS = 100;

    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final List<String> lines = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();

    /** Decodes no further than this many lines. */
    int lineLimit = Integer.MAX_VALUE;

    /** What was told so far. */
    List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        if (!data.isEmpty()) {
            all.add("data " + data);
        }
        return all;
    }

    /** Feeds bytes, unless they were refused before; returns whether more can be read. */
    boolean feed(Http1Decoder decoder, byte[] wire, int from, int to) {
        if (from == to) {
            return true;
        }
        ByteBuf bytes = allocator.heapBuffer(to - from);
        bytes.writeBytes(wire, from, to - from);
        try {
            decoder.feed(bytes, allocator);
            return true;
        } catch (Http1Exception refusal) {
            line(refusal.status() + " " + refusal.detail());
            decoder.stop();
            return false;
        }
    }

    /** Goes on with what the decoder holds. */
    void resume(Http1Decoder decoder) {
        lineLimit = Integer.MAX_VALUE;
        try {
            decoder.decode();
        } catch (Http1Exception refusal) {
            line(refusal.status() + " " + refusal.detail());
        }
    }

    /** Bytes that are still allocated. */
    long usedBytes() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    boolean wantsMore() {
        return lines.size() < lineLimit;
    }

    void line(String line) {
        if (!data.isEmpty()) {
            lines.add("data " + data);
            data.setLength(0);
        }
        lines.add(line);
    }

    void data(ByteBuf bytes, boolean end) {
        if (!end && !bytes.isReadable()) {
            line("empty data");
        }
        data.append(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
        if (end) {
            line("end");
        }
    }

    static String fields(Headers headers) {
        StringJoiner fields = new StringJoiner(", ", " {", "}").setEmptyValue("");
        for (int i = 0; i < headers.size(); i++) {
            fields.add(headers.name(i) + (headers.value(i).isEmpty() ? ":" : ": " + headers.value(i)));
        }
        return fields.toString();
    }

    RequestDecoder requests(Http1Options options) {
        return requests(options, MAX_HEAD_BYTES, MAX_FIELDS);
    }

    /** Reads one request after the other. */
    RequestDecoder requests(Http1Options options, int maxHeadBytes, int maxFields) {
        return new RequestDecoder(maxHeadBytes, maxFields, options, false) {
            @Override
            public void onRequest(RequestHead head, boolean keepAlive, boolean expectContinue) {
                line(head.method() + " " + head.path() + " " + head.authority()
                        + (head.protocol() == Protocol.HTTP_1_0 ? " 1.0" : "")
                        + (head.contentLength() == 0 ? "" : " length " + head.contentLength())
                        + (keepAlive ? "" : " close")
                        + (head.upgrade().isEmpty() ? "" : " upgrade " + head.upgrade())
                        + (expectContinue ? " expects" : "")
                        + fields(head.headers()));
                if (head.endStream()) {
                    line("end");
                    nextMessage();
                }
            }

            @Override
            public void onBody(ByteBuf bytes, boolean end) {
                data(bytes, end);
                if (end) {
                    nextMessage();
                }
            }

            @Override
            public void onTrailers(Headers trailers) {
                line("trailers" + fields(trailers));
                nextMessage();
            }

            @Override
            public boolean wantsMore() {
                return Transcript.this.wantsMore();
            }
        };
    }

    /** Reads the response to one request. */
    ResponseDecoder responses(int maxHeadBytes, int maxFields) {
        return new ResponseDecoder(maxHeadBytes, maxFields) {
            @Override
            void onResponse(ResponseHead head, boolean keepAlive) {
                line(head.status()
                        + (head.protocol() == Protocol.HTTP_1_0 ? " 1.0" : "")
                        + (head.contentLength() < 0 ? "" : " length " + head.contentLength())
                        + (keepAlive ? "" : " close")
                        + (endsWithConnection() ? " until close" : "")
                        + fields(head.headers()));
                if (head.endStream()) {
                    line("end");
                }
            }

            @Override
            public void onBody(ByteBuf bytes, boolean end) {
                data(bytes, end);
            }

            @Override
            public void onTrailers(Headers trailers) {
                line("trailers" + fields(trailers));
            }

            @Override
            public boolean wantsMore() {
                return Transcript.this.wantsMore();
            }
        };
    }
}
