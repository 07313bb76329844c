package dev.starling.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** {@code /}: a page for people. It is one file, and gets what it shows from the other pages. */
final class IndexPage {

    private final AdminResponse page;

    IndexPage() {
        try (var in = IndexPage.class.getResourceAsStream("index.html")) {
            String html = new String(Objects.requireNonNull(in, "index.html").readAllBytes(), StandardCharsets.UTF_8);
            page = new AdminResponse(200, AdminResponse.Type.HTML, new AdminResponse.Body.Whole(html));
        } catch (IOException e) {
            throw new UncheckedIOException("index.html", e);
        }
    }

    AdminResponse answer(AdminRequest request) {
        return page;
    }
}
