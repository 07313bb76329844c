package dev.starling.admin;

import dev.starling.config.bootstrap.Node;
import dev.starling.config.proto.print.TreeWriter;
import dev.starling.runtime.ServerState;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the process says of itself. */
final class ServerPages {

    private final AdminContext context;

    ServerPages(AdminContext context) {
        this.context = context;
    }

    AdminResponse ready(AdminRequest request) {
        ServerState.Phase phase = context.state().phase();
        return AdminResponse.text(phase == ServerState.Phase.LIVE ? 200 : 503, phase.name() + "\n");
    }

    AdminResponse serverInfo(AdminRequest request) {
        return JsonPage.of(out -> {
            String uptime = TimeUnit.NANOSECONDS.toSeconds(
                            context.clock().nanoTime() - context.identity().startedNanos())
                    + "s";
            JsonPage.member("version", context.identity().version(), out);
            JsonPage.member("state", context.state().phase().name(), out);
            JsonPage.member("uptime_current_epoch", uptime, out);
            JsonPage.member("uptime_all_epochs", uptime, out);
            JsonPage.member("hot_restart_version", "disabled", out);
            JsonPage.member("command_line_options", context.identity().commandLine(), out);
            out.name("node");
            node(context.bootstrap().bootstrap().node(), out);
        });
    }

    private void node(Node node, TreeWriter out) throws IOException {
        out.beginObject();
        JsonPage.member("id", node.id(), out);
        JsonPage.member("cluster", node.cluster(), out);
        JsonPage.member("metadata", node.metadata(), out);
        out.name("locality");
        out.beginObject();
        JsonPage.member("region", node.locality().region(), out);
        JsonPage.member("zone", node.locality().zone(), out);
        JsonPage.member("sub_zone", node.locality().subZone(), out);
        out.endObject();
        JsonPage.member("user_agent_name", "starling", out);
        JsonPage.member("user_agent_version", context.identity().version(), out);
        JsonPage.member("extensions", List.of(), out);
        out.endObject();
    }

    AdminResponse hotRestartVersion(AdminRequest request) {
        return AdminResponse.text(200, "disabled");
    }

    /** What the start waits for; with {@code mask} only of the components that it names. */
    AdminResponse initDump(AdminRequest request) {
        String mask = request.query().get("mask");
        Set<String> components = mask == null || mask.isEmpty() ? Set.of() : Set.of(mask.split(",", -1));
        List<InitManager> unready = context.unready().get().stream()
                .filter(manager -> components.isEmpty() || components.contains(manager.component()))
                .toList();
        return JsonPage.of(out -> {
            if (unready.isEmpty()) {
                return;
            }
            out.name("unready_targets_dumps");
            out.beginList();
            for (InitManager manager : unready) {
                out.beginObject();
                JsonPage.member("name", "init manager " + manager.name(), out);
                JsonPage.member("target_names", manager.targets(), out);
                out.endObject();
            }
            out.endList();
        });
    }
}
