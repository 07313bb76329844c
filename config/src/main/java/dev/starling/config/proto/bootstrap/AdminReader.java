package dev.starling.config.proto.bootstrap;

import com.google.protobuf.Any;
import dev.starling.config.Address;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.bootstrap.Admin;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.accesslog.AccessLogReader;
import dev.starling.config.proto.core.AddressReader;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code envoy.config.bootstrap.v3.Admin}. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
final class AdminReader {

    private AdminReader() {}

    /** Empty without an address: then there is no admin server. */
    static Optional<Admin> read(io.envoyproxy.envoy.config.bootstrap.v3.Admin message, ValidationContext context) {
        var accessLogs = accessLogs(message, context);
        if (!message.hasAddress()) {
            return Optional.empty();
        }
        var at = context.field("address");
        return switch (AddressReader.literal().read(message.getAddress(), at)) {
            case Address.Socket socket -> Optional.of(new Admin(socket, accessLogs));
            case Address.Pipe _, Address.Udp _ -> {
                at.field("pipe").problem("the admin server listens on IP addresses only");
                yield Optional.empty();
            }
            case null -> Optional.empty();
        };
    }

    /** The older {@code access_log_path} is one more file with the default format. */
    private static List<AccessLog> accessLogs(
            io.envoyproxy.envoy.config.bootstrap.v3.Admin message, ValidationContext context) {
        var accessLogs = AccessLogReader.read(message.getAccessLogList(), context, "access_log");
        if (message.getAccessLogPath().isEmpty()) {
            return accessLogs;
        }
        var file =
                FileAccessLog.newBuilder().setPath(message.getAccessLogPath()).build();
        var older = AccessLogReader.read(
                io.envoyproxy.envoy.config.accesslog.v3.AccessLog.newBuilder()
                        .setTypedConfig(Any.pack(file))
                        .build(),
                context.field("access_log_path"));
        return older == null
                ? accessLogs
                : Stream.concat(accessLogs.stream(), Stream.of(older)).toList();
    }
}
