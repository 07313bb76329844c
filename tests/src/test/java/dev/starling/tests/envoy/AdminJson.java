package dev.starling.tests.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** JSON pages of an admin server, without the order of their members. */
final class AdminJson {

    private AdminJson() {}

    static Struct read(String page) throws IOException {
        var read = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(page, read);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(page, e);
        }
        return read.build();
    }

    static Map<String, Value> members(Struct page, String field) {
        return new TreeMap<>(page.getFieldsOrThrow(field).getStructValue().getFieldsMap());
    }

    /**
     * One of the dumps of {@code /config_dump}, without times.
     *
     * @param names of the resources, a pattern
     */
    static String dump(ProxyProcess proxy, String type, String names) throws IOException {
        return read(proxy.get("/config_dump?name_regex=" + names))
                .getFieldsOrThrow("configs")
                .getListValue()
                .getValuesList()
                .stream()
                .map(Value::getStructValue)
                .filter(dump -> dump.getFieldsOrThrow("@type").getStringValue().endsWith("." + type))
                .map(dump -> TextFormat.printer().printToString(dump))
                .findFirst()
                .orElse("none")
                .replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[^\"]*\"", "a time");
    }
}
