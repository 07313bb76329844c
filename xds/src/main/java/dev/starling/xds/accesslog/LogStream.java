package dev.starling.xds.accesslog;

import com.google.protobuf.MessageLite;
import dev.starling.config.accesslog.LogService;
import dev.starling.config.accesslog.LogService.Entries;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Call;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers entries and sends them to a log service in batches, on a stream that it opens with the first batch and again with
 * the next one after it has ended (Envoy: {@code GrpcAccessLogger}). What is on a stream when it ends is lost; what cannot be
 * sent because too much waits already is held, as much as one buffer takes, and what comes then is dropped. Confined to one
 * thread.
 */
public final class LogStream {

    /** What may be on its way to a service that does not read, before nothing more is sent: as Envoy's google_grpc has it. */
    static final int MOST_WAITING_BYTES = 1024 * 1024;

    private static final String METHOD = "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";
    private static final Logger log = LoggerFactory.getLogger(LogStream.class);

    private final LogService service;
    private final Node node;
    private final Transport transport;
    private final Executor owner;
    private final LogStreamStats stats;
    private StreamAccessLogsMessage.Builder batch = StreamAccessLogsMessage.newBuilder();
    private int entries;
    private long bytes;
    private @Nullable Call call;
    private int streams;
    private int lastEnded;
    private boolean complained;
    private Runnable finished = () -> {};

    /** @param owner runs what the transport tells on the thread that this is confined to; at once if it is told there */
    public LogStream(LogService service, Node node, Transport transport, Executor owner, LogStreamStats stats) {
        this.service = service;
        this.node = node;
        this.transport = transport;
        this.owner = owner;
        this.stats = stats;
    }

    /** Whether there is room for an entry, which then is to follow; counted. */
    public boolean hasRoom() {
        boolean room = isBelowBufferSize();
        if (!room) {
            flush();
            room = isBelowBufferSize();
        }
        if (!room) {
            stats.dropped();
        } else if (service.entries() == Entries.HTTP) { // Envoy does not count those of the other kind
            stats.written();
        }
        return room;
    }

    private boolean isBelowBufferSize() {
        return entries == 0 || bytes < service.bufferSize().bytes();
    }

    public void add(LogEntry entry) {
        MessageLite message = switch (service.entries()) {
            case HTTP -> {
                var http = entry.http();
                batch.getHttpLogsBuilder().addLogEntry(http);
                yield http;
            }
            case TCP -> {
                var tcp = entry.tcp();
                batch.getTcpLogsBuilder().addLogEntry(tcp);
                yield tcp;
            }
        };
        entries++;
        bytes += message.getSerializedSize();
        if (bytes >= service.bufferSize().bytes()) {
            flush();
        }
    }

    /** Whether there is anything to be sent. */
    public boolean holdsEntries() {
        return entries > 0;
    }

    /** Sends what there is, if it can be sent now. */
    public void flush() {
        if (entries == 0) {
            return;
        }
        Call open = call;
        if (open == null) {
            batch.setIdentifier(StreamAccessLogsMessage.Identifier.newBuilder()
                    .setNode(node)
                    .setLogName(service.logName()));
            open = open();
        } else {
            complained = false;
            batch.clearIdentifier();
        }
        if (open == null || open.waitingBytes() > MOST_WAITING_BYTES) {
            stats.flushFailed(entries);
            return;
        }
        open.send(batch.build().toByteString().asReadOnlyByteBuffer());
        stats.flushed(entries);
        batch = StreamAccessLogsMessage.newBuilder();
        entries = 0;
        bytes = 0;
    }

    /** Null if there is no stream to be had now. */
    private @Nullable Call open() {
        streams++;
        int stream = streams;
        Call opened = transport.open(
                service.service(),
                METHOD,
                Transport.Receiver.of(
                        _ -> owner.execute(() -> answered(stream)), why -> owner.execute(() -> ended(stream, why))));
        if (lastEnded == stream) {
            return null;
        }
        call = opened;
        opened.more();
        return opened;
    }

    /** There is nothing to be learnt from it, but the stream's end is told behind it. */
    private void answered(int stream) {
        if (stream == streams && call != null) {
            call.more();
        }
    }

    private void ended(int stream, Closed why) {
        if (stream != streams) {
            return;
        }
        lastEnded = stream;
        call = null;
        finished.run();
        if (!complained) {
            complained = true; // said once, until a stream lasts
            log.warn("access log stream {} closed: {}", service.logName(), why);
        }
    }

    /**
     * Sends what there is and then says that no more will come.
     *
     * @param taken told when the service has ended the stream, so at once where there is none
     */
    public void finish(Runnable taken) {
        flush();
        if (call == null) {
            taken.run();
        } else {
            finished = taken;
            call.finish();
        }
    }

    /** What is still on its way is lost. */
    public void cancel() {
        streams++;
        if (call != null) {
            call.cancel();
            call = null;
        }
    }
}
