package dev.starling.admin;

import com.typesafe.config.Config;
import dev.starling.admin.kamon.KamonPage;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.stats.render.StatsPage;
import dev.starling.runtime.stats.render.StatsQuery;
import java.util.function.Function;

/** {@code /stats} in its formats. */
final class StatsPages {

    private final StatsStore stats;

    StatsPages(StatsStore stats) {
        this.stats = stats;
    }

    AdminResponse answer(AdminRequest request) {
        return answer(request, false);
    }

    AdminResponse prometheus(AdminRequest request) {
        return answer(request, true);
    }

    private AdminResponse answer(AdminRequest request, boolean prometheus) {
        return switch (StatsQuery.parse(request.query()::get, prometheus)) {
            case StatsQuery.Parsed.Refused(var message) -> AdminResponse.text(400, message);
            case StatsQuery.Parsed.Valid(var query) ->
                AdminResponse.pieces(
                        query.format() == StatsQuery.Format.JSON ? AdminResponse.Type.JSON : AdminResponse.Type.TEXT,
                        StatsPage.of(stats, query));
        };
    }

    /** In the form that Kamon's users know; {@code config} has its settings. */
    Function<AdminRequest, AdminResponse> kamon(Config config) {
        return request -> switch (StatsQuery.parse(request.query()::get, true)) {
            case StatsQuery.Parsed.Refused(var message) -> AdminResponse.text(400, message);
            case StatsQuery.Parsed.Valid(var query) ->
                AdminResponse.pieces(AdminResponse.Type.TEXT, KamonPage.of(stats, query, config));
        };
    }

    AdminResponse resetCounters(AdminRequest request) {
        stats.resetCounters();
        return AdminResponse.ok();
    }
}
