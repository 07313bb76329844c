package dev.starling.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.starling.config.matcher.RegexCompiler;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import java.util.Iterator;

/** {@code /clusters}: the clusters in service as they are published. */
final class ClustersPage {

    private final ClusterTable clusters;

    ClustersPage(ClusterTable clusters) {
        this.clusters = clusters;
    }

    AdminResponse answer(AdminRequest request) {
        Iterator<ClusterSnapshot> chosen;
        String filter = request.query().get("filter");
        if (filter == null || filter.isEmpty()) {
            chosen = clusters.snapshots().iterator();
        } else {
            try {
                Pattern pattern = RegexCompiler.compile(filter);
                chosen = clusters.snapshots().stream()
                        .filter(cluster -> pattern.matcher(cluster.name()).find())
                        .iterator();
            } catch (PatternSyntaxException e) {
                return AdminResponse.text(400, "Invalid re2 regex");
            }
        }
        return "json".equals(request.query().get("format"))
                ? AdminResponse.pieces(AdminResponse.Type.JSON, new ClustersJson().pieces(chosen))
                : AdminResponse.pieces(AdminResponse.Type.TEXT, new ClustersText().pieces(chosen));
    }
}
