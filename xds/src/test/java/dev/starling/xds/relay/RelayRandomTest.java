package dev.starling.xds.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.starling.xds.protocol.DeltaType;
import dev.starling.xds.protocol.Interest;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.protocol.TypeState;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Our own client and our own server of xDS talk about a shelf that changes at random, now and then over a new stream: when
 * all is said, the client holds what there is, but for what it does not take, of which it holds the last that it took.
 */
class RelayRandomTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 120;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    enum Kind {
        WHOLE_STATE,
        NAMED_STATE,
        DELTA_OF_ALL,
        DELTA_OF_NAMES
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theClientComesToHoldWhatThereIs(Kind kind) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            switch (kind) {
                case WHOLE_STATE, NAMED_STATE -> {
                    var shelf = new Shelf(kind == Kind.WHOLE_STATE ? Scope.WHOLE : Scope.NAMED);
                    new Talk<>(
                                    kind,
                                    seed,
                                    shelf,
                                    new SotwType<>(shelf.type),
                                    RelayDialect.SOTW,
                                    DiscoveryResponse.parser())
                            .run();
                }
                case DELTA_OF_ALL, DELTA_OF_NAMES -> {
                    var shelf = new Shelf(Scope.WHOLE);
                    new Talk<>(
                                    kind,
                                    seed,
                                    shelf,
                                    new DeltaType<>(shelf.type),
                                    RelayDialect.DELTA,
                                    DeltaDiscoveryResponse.parser())
                            .run();
                }
            }
        }
    }

    private static final class Talk<Q extends Message, A extends Message> {

        private final Kind kind;
        private final int seed;
        private final Random random;
        private final Shelf shelf;
        private final TypeState<String, Q, A> client;
        private final RelayDialect<Q> dialect;
        private final Parser<A> parser;
        private final Map<String, String> there = new HashMap<>();
        private ClientType server;
        private Interest wanted = Interest.NONE;
        private boolean first = true;
        private int nonce;
        private int content;

        Talk(
                Kind kind,
                int seed,
                Shelf shelf,
                TypeState<String, Q, A> client,
                RelayDialect<Q> dialect,
                Parser<A> parser) {
            this.kind = kind;
            this.seed = seed;
            this.random = new Random(seed);
            this.shelf = shelf;
            this.client = client;
            this.dialect = dialect;
            this.parser = parser;
            this.server = fresh();
        }

        private ClientType fresh() {
            return new ClientType(dialect.manner().apply(shelf.type.scope()));
        }

        void run() throws InvalidProtocolBufferException {
            want();
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            int before = nonce;
            shelf.put();
            while (say() || answer()) {
                assertThat(nonce).as(about()).isLessThan(before + 50);
            }
            check();
        }

        private String about() {
            return kind + ", seed " + seed + ", there " + there;
        }

        private void step() throws InvalidProtocolBufferException {
            switch (random.nextInt(12)) {
                case 0 -> {
                    client.reopened();
                    server = fresh();
                    first = true;
                }
                case 1, 2 -> {
                    if (kind == Kind.NAMED_STATE || kind == Kind.DELTA_OF_NAMES) {
                        want();
                    }
                }
                case 3, 4, 5 -> change();
                case 6, 7, 8 -> say();
                default -> answer();
            }
        }

        private void want() {
            wanted = interest();
            client.want(wanted);
            // As a stream does: what is wanted is settled when it is said.
            say();
        }

        private Interest interest() {
            return switch (kind) {
                case WHOLE_STATE, DELTA_OF_ALL -> Interest.ALL;
                case NAMED_STATE, DELTA_OF_NAMES -> {
                    List<String> some = new ArrayList<>(NAMES);
                    some.removeIf(_ -> random.nextBoolean());
                    yield Interest.in(some.isEmpty() ? List.of("a") : some);
                }
            };
        }

        private void change() {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            // In the state of the world nobody is told that a named resource is no more.
            if (kind != Kind.NAMED_STATE && random.nextInt(4) == 0) {
                shelf.put("-" + name);
                there.remove(name);
            } else {
                String next = (random.nextInt(4) == 0 ? "bad" : "good") + ++content;
                shelf.put(name + "=" + next);
                there.put(name, next);
            }
        }

        /** The client says one thing. */
        private boolean say() {
            var request = client.next();
            request.ifPresent(said -> {
                dialect.taking().take(said, first, server, Instant.EPOCH);
                first = false;
            });
            return request.isPresent();
        }

        /** The server says one thing. */
        private boolean answer() throws InvalidProtocolBufferException {
            ServedType current = shelf.served();
            String next = Integer.toString(nonce + 1);
            var offer = server.next(current, next);
            if (offer.isEmpty()) {
                return false;
            }
            nonce++;
            client.receive(
                    parser.parseFrom(
                            dialect.writing().write(shelf.type.typeUrl(), current.version(), next, offer.get())),
                    (_, _) -> Optional.empty(),
                    Instant.EPOCH);
            return true;
        }

        private void check() {
            for (String name : NAMES) {
                String now = wanted.covers(name) ? there.getOrDefault(name, "") : "";
                String held = client.held(name).map(Held::resource).orElse("");
                if (now.startsWith("bad")) {
                    assertThat(held).as(about()).doesNotStartWith("bad");
                } else {
                    assertThat(held).as(about()).isEqualTo(now);
                }
            }
        }
    }
}
