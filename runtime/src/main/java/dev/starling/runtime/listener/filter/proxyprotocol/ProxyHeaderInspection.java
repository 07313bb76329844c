package dev.starling.runtime.listener.filter.proxyprotocol;

import dev.starling.config.Metadata;
import dev.starling.config.listener.filter.ProxyProtocol;
import dev.starling.config.listener.filter.ProxyProtocol.Rule;
import dev.starling.config.listener.filter.ProxyProtocol.Version;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.proxyprotocol.Parsed;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Tlv;
import dev.starling.runtime.proxyprotocol.ProxyHeaderParser;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStripe;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Waits for one connection's PROXY header, believes it and takes it away. Confined to the loop. */
final class ProxyHeaderInspection implements ListenerFilter {

    private final ProxyProtocol config;
    private final ProxyProtocolStats stats;
    private final StatsStripe stripe;
    private int maxBytes = ProxyHeaderParser.FIRST_BYTES;

    ProxyHeaderInspection(ProxyProtocol config, ProxyProtocolStats stats, StatsStripe stripe) {
        this.config = config;
        this.stats = stats;
        this.stripe = stripe;
    }

    @Override
    public int maxBytes() {
        return maxBytes;
    }

    @Override
    public Verdict onAccept(Channel channel, ConnectionTraits traits) {
        return Verdict.WAIT;
    }

    @Override
    public Verdict onBytes(ByteBuf bytes, ConnectionTraits traits) {
        return switch (ProxyHeaderParser.parse(bytes)) {
            case Parsed.Incomplete(var version, var wanted) -> {
                if (isDisallowed(version)) {
                    yield disallowed(version);
                }
                maxBytes = wanted;
                yield Verdict.WAIT;
            }
            case Parsed.Missing _ -> missing();
            case Parsed.TooLong(var ends) -> error(ends ? stats.v1().error() : stats.notFoundDisallowed());
            case Parsed.Malformed(var version) ->
                isDisallowed(version)
                        ? disallowed(version)
                        : error(stats.of(version).error());
            case Parsed.Complete(var version, var length, var header) -> {
                if (isDisallowed(version)) {
                    yield disallowed(version);
                }
                stats.of(version).found().inc(stripe);
                believe(header, traits);
                bytes.skipBytes(length);
                yield Verdict.CONTINUE;
            }
        };
    }

    /** It was found all the same, which Envoy counts too. */
    private Verdict disallowed(int version) {
        stats.of(version).found().inc(stripe);
        stats.of(version).disallowed().inc(stripe);
        return Verdict.CLOSE;
    }

    private boolean isDisallowed(int version) {
        return version > 0 && config.disallowed().contains(version == 1 ? Version.V1 : Version.V2);
    }

    private Verdict missing() {
        if (config.allowMissing()) {
            stats.notFoundAllowed().inc(stripe);
            return Verdict.CONTINUE;
        }
        return error(stats.notFoundDisallowed());
    }

    private Verdict error(Counter counter) {
        stats.error().inc(stripe);
        counter.inc(stripe);
        return Verdict.CLOSE;
    }

    private void believe(ProxyHeader header, ConnectionTraits traits) {
        header.addresses().ifPresent(addresses -> {
            if (!addresses.destination().equals(traits.local())) {
                traits.restoreLocal(addresses.destination());
            }
            traits.restoreRemote(addresses.source());
        });
        traits.proxyHeader(new ProxyHeader(
                header.addresses(),
                header.tlvs().stream()
                        .filter(tlv -> config.passThrough().passes(tlv.type()))
                        .toList()));
        if (!config.rules().isEmpty()) {
            traits.metadata(withTlvs(header, traits.metadata()));
        }
    }

    private Metadata withTlvs(ProxyHeader header, Metadata known) {
        Map<String, Map<String, Object>> byNamespace = new HashMap<>(known.filterMetadata());
        for (Tlv tlv : header.tlvs()) {
            for (Rule rule : config.rules()) {
                if (rule.tlvType() == tlv.type()) {
                    byNamespace.compute(rule.namespace(), (_, before) -> {
                        Map<String, Object> fields = before == null ? new HashMap<>() : new HashMap<>(before);
                        fields.putIfAbsent(rule.key(), text(tlv.value()));
                        return fields;
                    });
                }
            }
        }
        return new Metadata(byNamespace);
    }

    /** UTF-8, and an exclamation mark for each byte that is not, as Envoy has it. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith("!")
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
