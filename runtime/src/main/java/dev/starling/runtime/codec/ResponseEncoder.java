package dev.starling.runtime.codec;

import dev.starling.runtime.message.Ascii;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the responses of one HTTP/1 connection, one after the other (RFC 9112 4, 6). Confined to the loop. */
public final class ResponseEncoder {

    /** Where the status line has the last digit of {@code HTTP/1.1}. */
    private static final int MINOR_VERSION = "HTTP/1.".length();

    /** Room for the status line. */
    private static final int START_BYTES = 64;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Output output;
    private final Output.HeadWriter statusLine = this::writeStatusLine;
    private final Output.HeadWriter lastFields = this::writeLastFields;
    private boolean http10;
    private boolean toHead;
    private boolean chunked;
    private boolean bodiless;

    /** Of the head that is being written. */
    private int status;

    private String framing = "";
    private String persistence = "";

    public ResponseEncoder(Output output) {
        this.output = output;
    }

    /** What is written next answers this kind of request. */
    public void answering(boolean ofHttp10, boolean ofHead) {
        http10 = ofHttp10;
        toHead = ofHead;
    }

    public void goOn() {
        output.body(Unpooled.wrappedBuffer(CONTINUE));
    }

    /** A client of HTTP/1.0 knows no informational responses and gets none. */
    public void informational(ResponseHead head) {
        if (!http10) {
            status = head.status();
            output.head(statusLine, START_BYTES, head.headers(), null);
        }
    }

    /** Whether a client of HTTP/1.0 is told the end of this response by the end of the connection. */
    public boolean endsWithConnection(ResponseHead head) {
        return http10 && !lengthKnown(head);
    }

    public void head(ResponseHead head, boolean endStream, boolean keepAlive) {
        boolean lengthKnown = lengthKnown(head);
        status = head.status();
        bodiless = bodiless(status);
        chunked = !endStream && !lengthKnown && !http10 && !bodiless;
        boolean unknownToHead = toHead && !lengthKnown && !http10 && status != 204 && status != 304;
        framing = chunked || unknownToHead
                ? "transfer-encoding: chunked\r\n"
                : endStream && !lengthKnown && !bodiless ? "content-length: 0\r\n" : "";
        persistence = !keepAlive ? "connection: close\r\n" : http10 ? "connection: keep-alive\r\n" : "";
        output.head(statusLine, START_BYTES, head.headers(), lastFields);
    }

    /** A head behind which the connection carries another protocol: nothing frames that. */
    public void tunnelHead(ResponseHead head) {
        bodiless = false;
        chunked = false;
        status = head.status();
        output.head(statusLine, START_BYTES, head.headers(), null);
    }

    /** Takes ownership. */
    public void data(ByteBuf bytes, boolean endStream) {
        if (bodiless) {
            bytes.release();
        } else if (chunked) {
            output.chunk(bytes);
        } else {
            output.body(bytes);
        }
        if (endStream && chunked) {
            output.lastChunk(null);
        }
    }

    /** The end of a response, with trailers where they can be sent. */
    public void trailers(@Nullable Headers trailers) {
        if (chunked) {
            output.lastChunk(trailers);
        }
    }

    private boolean bodiless(int status) {
        return toHead || status == 204 || status == 304 || status == 101;
    }

    private static boolean lengthKnown(ResponseHead head) {
        return head.headers().contains(HeaderName.CONTENT_LENGTH);
    }

    private int writeLastFields(byte[] bytes, int at) {
        return Ascii.append(bytes, Ascii.append(bytes, at, framing), persistence);
    }

    private int writeStatusLine(byte[] bytes, int at) {
        byte[] line = StatusLines.of(status);
        System.arraycopy(line, 0, bytes, at, line.length);
        if (http10) {
            bytes[at + MINOR_VERSION] = '0';
        }
        return at + line.length;
    }
}
