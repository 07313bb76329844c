package dev.starling.tests.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Netty's HTTP/3 client on one connection. */
public final class Http3Client implements AutoCloseable {

    private static final int REQUEST_CANCELLED = 0x10c;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final QuicChannel connection;

    /** What came back on one stream; a status of 0 if it was reset before. */
    public record Answer(int status, String headers, long bytes, boolean complete) {}

    Http3Client(InetSocketAddress server) throws InterruptedException, ExecutionException, TimeoutException {
        this(server, "", null);
    }

    /**
     * @param serverName to ask for; empty: none
     * @param identity to show; null: none
     */
    public Http3Client(InetSocketAddress server, String serverName, @Nullable X509Bundle identity)
            throws InterruptedException, ExecutionException, TimeoutException {
        QuicSslContextBuilder tls = QuicSslContextBuilder.forClient()
                .endpointIdentificationAlgorithm(null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE) // the browser looks at it
                .applicationProtocols(Http3.supportedApplicationProtocols());
        if (identity != null) {
            tls.keyManager(identity.getKeyPair().getPrivate(), null, identity.getCertificatePath());
        }
        QuicSslContext context = tls.build();
        Channel socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicClientCodecBuilder()
                        .sslEngineProvider(channel -> serverName.isEmpty()
                                ? context.newEngine(channel.alloc())
                                : context.newEngine(channel.alloc(), serverName, 443))
                        .maxIdleTimeout(identity == null ? 20 : 2, TimeUnit.SECONDS) // some refusals are not told
                        .initialMaxData(10_000_000)
                        .initialMaxStreamDataBidirectionalLocal(1_000_000)
                        .build())
                .bind(0)
                .sync()
                .channel();
        connection = soon(QuicChannel.newBootstrap(socket)
                .handler(new Http3ClientConnectionHandler())
                .remoteAddress(server)
                .connect());
    }

    /** Of the certificate that the server has shown. */
    public String serverSubject() throws SSLPeerUnverifiedException {
        SSLSession session = Objects.requireNonNull(connection.sslEngine()).getSession();
        X509Certificate shown = (X509Certificate) session.getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    private static <T> T soon(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(20, TimeUnit.SECONDS);
    }

    /** A request under way. */
    public static final class Call {

        private final QuicStreamChannel stream;
        private final CompletableFuture<Answer> answer;

        private Call(QuicStreamChannel stream, CompletableFuture<Answer> answer) {
            this.stream = stream;
            this.answer = answer;
        }

        Call data(int bytes, boolean end) throws InterruptedException {
            var written = stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(new byte[bytes])));
            if (end) {
                written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
            written.sync();
            return this;
        }

        /** Only that: what it has to say, it has said. */
        public void stopReading() {
            stream.shutdownInput(REQUEST_CANCELLED);
        }

        void cancel() {
            stream.shutdown(REQUEST_CANCELLED);
        }

        public Answer answer() throws InterruptedException, ExecutionException, TimeoutException {
            return answer.get(20, TimeUnit.SECONDS);
        }
    }

    public Call get(String path) throws Exception {
        return send(true, "GET", path);
    }

    Call post(String path, String... more) throws Exception {
        return send(false, "POST", path, more);
    }

    /** @param more names and values of further headers, as they are */
    public Call send(boolean end, String method, String path, String... more) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        QuicStreamChannel stream = soon(Http3.newRequestStream(connection, new Answers(answer)));
        DefaultHttp3HeadersFrame frame = new DefaultHttp3HeadersFrame(new DefaultHttp3Headers(false));
        Http3Headers headers = frame.headers();
        headers.method(method).path(path).scheme("https").authority("localhost");
        for (int i = 0; i < more.length; i += 2) {
            headers.add(more[i], more[i + 1]);
        }
        var written = stream.writeAndFlush(frame);
        if (end) {
            written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
        return new Call(stream, answer);
    }

    private static final class Answers extends Http3RequestStreamInboundHandler {

        private final CompletableFuture<Answer> answer;
        private int status;
        private String headers = "";
        private long bytes;

        Answers(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            if (frame.headers().status() != null) {
                status = Integer.parseInt(frame.headers().status().toString());
            }
            headers += frame.headers();
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            bytes += frame.content().readableBytes();
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            answer.complete(new Answer(status, headers, bytes, true));
        }

        @Override
        protected void handleQuicException(ChannelHandlerContext context, QuicException exception) {
            answer.complete(new Answer(status, headers, bytes, false));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.complete(new Answer(status, headers, bytes, false));
        }
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
