package dev.starling.tests.envoy;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The layers of the runtime in the real Envoy and in Starling: what is shown, what is modified, and what routes make of it. */
@Timeout(180)
class RuntimeSameAsEnvoyIT {

    /** Envoy marks what it prints of a message, so that nobody reads it back. */
    private static final String MARK = "goo\\.gle/debug\\w+ *(\\n|\\\\n)";

    @TempDir
    Path folder;

    private static String shown(ProxyProcess proxy) throws IOException {
        Struct page = AdminJson.read(proxy.get("/runtime"));
        StringBuilder shown = new StringBuilder(page.getFieldsOrThrow("layers").toString());
        AdminJson.members(page, "entries").forEach((key, value) -> {
            Struct values = value.getStructValue();
            shown.append(key).append(": ");
            shown.append(values.getFieldsOrThrow("layer_values").toString().replaceAll(MARK, ""));
            shown.append(values.getFieldsOrThrow("final_value").getStringValue().replaceAll(MARK, ""))
                    .append('\n');
        });
        return shown.toString();
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get("/stats?filter=runtime%5C.");
    }

    private static String answers(ProxyProcess proxy) throws IOException {
        StringBuilder answers = new StringBuilder();
        for (String path : List.of("/flag", "/share", "/weight")) {
            var connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + proxy.listener("in").getPort() + path)
                            .toURL()
                            .openConnection();
            answers.append(path)
                    .append(' ')
                    .append(connection.getResponseCode())
                    .append('\n');
        }
        return answers.toString();
    }

    @Test
    void showsModifiesAndFollowsTheSame() throws IOException {
        Path envoy = EnvoyBinary.require(RuntimeSameAsEnvoyIT.class);
        Files.createDirectories(folder.resolve("v1/envoy/health"));
        Files.writeString(folder.resolve("v1/envoy/health/count"), "# how many\n12\n");
        Files.writeString(folder.resolve("v1/envoy/text"), "hello");
        Files.writeString(folder.resolve("v1/envoy/spaces"), " 3 ");
        Files.createSymbolicLink(folder.resolve("current"), folder.resolve("v1"));
        try (BothProxies proxies =
                BothProxies.start(envoy, folder, "runtime-bootstrap.yaml", Map.of("runtime", folder))) {
            proxies.assertAlike(RuntimeSameAsEnvoyIT::shown);
            proxies.assertAlike(RuntimeSameAsEnvoyIT::stats);
            proxies.assertAlike(RuntimeSameAsEnvoyIT::answers);

            proxies.assertAlike(proxy -> proxy.post("/runtime_modify"));
            proxies.assertAlike(proxy -> proxy.get("/runtime_modify?a=b"));

            modify(
                    proxies,
                    "flag=0&share=%7Bnumerator:%20100%7D&weight.b=0&weight.c=1&added=5&truth=false&text=&quoted=a+b");
            proxies.assertAlike(RuntimeSameAsEnvoyIT::answers);

            modify(proxies, "flag=&share=&weight.b=&weight.c=&added=&truth=&quoted=");
            proxies.assertAlike(RuntimeSameAsEnvoyIT::answers);
        }
    }

    private static void modify(BothProxies proxies, String values) throws IOException {
        // Once each: what is counted must be alike afterwards.
        String theirs = proxies.envoy().post("/runtime_modify?" + values);
        String ours = proxies.starling().post("/runtime_modify?" + values);
        proxies.assertAlike(proxy -> proxy == proxies.envoy() ? theirs : ours);
        proxies.assertAlike(RuntimeSameAsEnvoyIT::shown);
        proxies.assertAlike(RuntimeSameAsEnvoyIT::stats);
    }
}
