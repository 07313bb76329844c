package dev.starling.config.proto.core;

import dev.starling.config.CidrRange;
import dev.starling.config.proto.ValidationContext;
import java.util.ArrayList;
import java.util.List;

/** Reads lists of {@code envoy.config.core.v3.CidrRange}. */
public final class CidrRangeReader {

    private CidrRangeReader() {}

    /** Leaves out what has a problem. */
    public static List<CidrRange> read(
            List<io.envoyproxy.envoy.config.core.v3.CidrRange> messages, ValidationContext context, String field) {
        var ranges = new ArrayList<CidrRange>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var at = context.field(field, i).field("address_prefix");
            IpLiteral.parse(message.getAddressPrefix())
                    .ifPresentOrElse(
                            // A length beyond the address means the whole address, in Envoy too; none means all
                            // addresses.
                            ip -> ranges.add(new CidrRange(
                                    ip,
                                    Math.min(
                                            Uint32Reader.clamped(
                                                    message.getPrefixLen().getValue()),
                                            ip.getAddress().length * 8))),
                            () -> at.problem("malformed IP address: " + message.getAddressPrefix()));
        }
        return ranges;
    }
}
