package dev.starling.config.proto.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A {@code ClusterLoadAssignment} off the wire of which all is parsed but the endpoints: each of those is a range of bytes, to be
 * compared with others before anything is made of it. They are counted through all localities.
 */
final class SerializedAssignment {

    private static final int LOCALITY_TAG = tag(ClusterLoadAssignment.ENDPOINTS_FIELD_NUMBER);
    private static final int ENDPOINT_TAG = tag(LocalityLbEndpoints.LB_ENDPOINTS_FIELD_NUMBER);

    /** As deep as one may nest that is two messages deep already. */
    private static final int RECURSION_LIMIT = 100 - 2;

    private final SharedBytes bytes;
    private final ClusterLoadAssignment rest;
    private final int[] bounds;
    private final int[] ends;

    /**
     * @param rest without endpoints
     * @param bounds where each endpoint begins and where it ends
     * @param ends how many endpoints there are up to the end of each locality
     */
    private SerializedAssignment(SharedBytes bytes, ClusterLoadAssignment rest, int[] bounds, int[] ends) {
        this.bytes = bytes;
        this.rest = rest;
        this.bounds = bounds;
        this.ends = ends;
    }

    /** @throws InvalidProtocolBufferException if it can be no assignment; one that is returned may still not be one */
    static SerializedAssignment of(ByteString message) throws InvalidProtocolBufferException {
        var bytes = SharedBytes.of(message);
        var splitter = new Splitter(bytes);
        try {
            splitter.assignment();
        } catch (InvalidProtocolBufferException broken) {
            throw broken;
        } catch (IOException broken) {
            throw new InvalidProtocolBufferException(broken);
        }
        return new SerializedAssignment(
                bytes,
                ClusterLoadAssignment.parseFrom(splitter.rest.toByteArray()),
                splitter.bounds.toArray(),
                splitter.ends.toArray());
    }

    private static int tag(int field) {
        return (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    ClusterLoadAssignment rest() {
        return rest;
    }

    /** The number of endpoints. */
    int size() {
        return bounds.length / 2;
    }

    /** The first endpoint behind those of a locality. */
    int end(int locality) {
        return ends[locality];
    }

    /** Whether it is the same, byte by byte, as an endpoint of another assignment. */
    boolean same(int endpoint, SerializedAssignment other, int otherEndpoint) {
        return Arrays.equals(
                bytes.array(),
                bounds[2 * endpoint],
                bounds[2 * endpoint + 1],
                other.bytes.array(),
                other.bounds[2 * otherEndpoint],
                other.bounds[2 * otherEndpoint + 1]);
    }

    int hash(int endpoint) {
        var hash = new CRC32C();
        hash.update(bytes.array(), bounds[2 * endpoint], bounds[2 * endpoint + 1] - bounds[2 * endpoint]);
        return (int) hash.getValue();
    }

    LbEndpoint parse(int endpoint) throws InvalidProtocolBufferException {
        int from = bounds[2 * endpoint];
        var input = CodedInputStream.newInstance(bytes.array(), from, bounds[2 * endpoint + 1] - from);
        input.setRecursionLimit(RECURSION_LIMIT);
        var message = LbEndpoint.parser().parseFrom(input);
        input.checkLastTagWas(0);
        return message;
    }

    /** Walks the bytes once. */
    private static final class Splitter {

        private final SharedBytes bytes;
        private final CodedInputStream input;
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
        private final Numbers bounds = new Numbers();
        private final Numbers ends = new Numbers();

        Splitter(SharedBytes bytes) {
            this.bytes = bytes;
            this.input = CodedInputStream.newInstance(bytes.array(), bytes.offset(), bytes.length());
        }

        private int at() {
            return bytes.offset() + input.getTotalBytesRead();
        }

        void assignment() throws IOException {
            while (!input.isAtEnd()) {
                int from = at();
                int tag = input.readTag();
                if (tag == LOCALITY_TAG) {
                    locality();
                } else {
                    copy(from, tag, rest);
                }
            }
        }

        private void locality() throws IOException {
            int outer = input.pushLimit(input.readRawVarint32());
            var inside = new ByteArrayOutputStream();
            while (!input.isAtEnd()) {
                int from = at();
                int tag = input.readTag();
                if (tag == ENDPOINT_TAG) {
                    int length = input.readRawVarint32();
                    bounds.add(at());
                    input.skipRawBytes(length);
                    bounds.add(at());
                } else {
                    copy(from, tag, inside);
                }
            }
            input.popLimit(outer);
            ends.add(bounds.size() / 2);
            write(LOCALITY_TAG, rest);
            write(inside.size(), rest);
            inside.writeTo(rest);
        }

        private void copy(int from, int tag, ByteArrayOutputStream to) throws IOException {
            if (!input.skipField(tag)) {
                throw new InvalidProtocolBufferException("the end of a group that has not begun");
            }
            to.write(bytes.array(), from, at() - from);
        }

        private static void write(int value, ByteArrayOutputStream to) {
            int left = value;
            for (; (left & ~0x7f) != 0; left >>>= 7) {
                to.write((left & 0x7f) | 0x80);
            }
            to.write(left);
        }
    }

    /** A list of numbers that does not box them. */
    private static final class Numbers {

        private int[] numbers = new int[64];
        private int size;

        void add(int number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size++] = number;
        }

        int size() {
            return size;
        }

        int[] toArray() {
            return Arrays.copyOf(numbers, size);
        }
    }
}
