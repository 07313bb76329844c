package dev.starling.runtime.codec;

import dev.starling.config.http.Http1Options;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading a request costs, by its headers. In the decoder's package, because nobody else may see a decoder. */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before it measures
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestDecoderBenchmark {

    @Param({"2", "10", "30"})
    int headers;

    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    private final LastRequest decoder = new LastRequest();
    private ByteBuf request;

    @Setup
    public void write() {
        String text = "GET /some/path?with=query HTTP/1.1\r\nhost: example.test\r\n"
                + IntStream.range(1, headers)
                        .mapToObj(i -> "x-header-" + i + ": a-value-of-some-length-" + i + "\r\n")
                        .collect(Collectors.joining())
                + "\r\n";
        request = Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Benchmark
    public @Nullable RequestHead decode() throws Http1Exception {
        decoder.feed(request.retainedDuplicate(), allocator);
        decoder.nextMessage();
        return decoder.head;
    }

    /** Keeps what it read. */
    private static final class LastRequest extends RequestDecoder {

        private @Nullable RequestHead head;

        LastRequest() {
            super(60 * 1024, 100, Http1Options.DEFAULT, false);
        }

        @Override
        public void onRequest(RequestHead newHead, boolean keepAlive, boolean expectContinue) {
            head = newHead;
            bodyNone();
        }

        @Override
        public void onBody(ByteBuf bytes, boolean end) {
            bytes.release();
        }

        @Override
        public void onTrailers(Headers trailers) {}

        @Override
        public boolean wantsMore() {
            return true;
        }
    }
}
