package dev.starling.admin;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.ManagementRouteProvider;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Puts the admin API at the root of pekko-management, beside its own health checks under {@code /health/}. */
public final class AdminRoutes extends AllDirectives implements ManagementRouteProvider {

    private static final long FORM_TIMEOUT_MILLIS = 5_000;
    private static final String HEALTH_CHECKS = "/health/";
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("cache-control", "no-cache, max-age=0"),
            RawHeader.create("x-content-type-options", "nosniff"));

    private final AdminApi api;
    private final Materializer materializer;

    /** By pekko-management, as its configuration says. */
    public AdminRoutes(ExtendedActorSystem system) {
        api = system.settings()
                .setup()
                .get(AdminSetup.class)
                .orElseThrow(() -> new IllegalStateException("an actor system without admin API"))
                .api();
        materializer = SystemMaterializer.get(system).materializer();
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return extractRequest(request ->
                request.getUri().path().startsWith(HEALTH_CHECKS) ? reject() : completeWithFuture(answer(request)));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        String path = request.getUri().getPathString();
        String target = request.getUri()
                .rawQueryString()
                .map(query -> path + "?" + query)
                .orElse(path);
        AdminRequest asked = AdminRequest.of(request.method().name(), target);
        return withForm(asked, request.entity()).thenCompose(api::answer).thenApply(AdminRoutes::response);
    }

    /** What {@code curl -d} sends are parameters too, if there are no others; any other body is nobody's business. */
    private CompletionStage<AdminRequest> withForm(AdminRequest asked, RequestEntity entity) {
        boolean isForm = entity.getContentType().mediaType().equals(MediaTypes.APPLICATION_X_WWW_FORM_URLENCODED);
        if (asked.hasParameters() || !isForm) {
            entity.discardBytes(materializer);
            return CompletableFuture.completedStage(asked);
        }
        return entity.toStrict(FORM_TIMEOUT_MILLIS, materializer)
                .thenApply(form -> asked.withForm(form.getData().utf8String()));
    }

    private static HttpResponse response(AdminResponse answer) {
        ContentType type = type(answer.type());
        ResponseEntity entity = switch (answer.body()) {
            case AdminResponse.Body.Whole(var text) -> HttpEntities.create(type, ByteString.fromString(text));
            case AdminResponse.Body.Pieces(Iterator<String> pieces) ->
                HttpEntities.createChunked(
                        type, Source.fromIterator(() -> pieces).map(ByteString::fromString));
        };
        return HttpResponse.create()
                .withStatus(answer.status())
                .addHeaders(HEADERS)
                .withEntity(entity);
    }

    private static ContentType type(AdminResponse.Type type) {
        return switch (type) {
            case TEXT -> ContentTypes.TEXT_PLAIN_UTF8;
            case BARE_TEXT -> MediaTypes.TEXT_PLAIN.toContentTypeWithMissingCharset();
            case JSON -> ContentTypes.APPLICATION_JSON;
            case HTML -> ContentTypes.TEXT_HTML_UTF8;
        };
    }
}
