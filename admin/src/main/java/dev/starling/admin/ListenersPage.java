package dev.starling.admin;

import dev.starling.config.Address;
import dev.starling.config.proto.print.TreeWriter;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** {@code /listeners}: names, and the addresses where they really accept. */
final class ListenersPage {

    private final Supplier<List<ListenerView>> listeners;

    ListenersPage(Supplier<List<ListenerView>> listeners) {
        this.listeners = listeners;
    }

    AdminResponse answer(AdminRequest request) {
        return "json".equals(request.query().get("format")) ? json() : text();
    }

    private AdminResponse text() {
        StringBuilder page = new StringBuilder();
        for (ListenerView listener : listeners.get()) {
            for (Address address : listener.addresses()) {
                page.append(listener.name())
                        .append("::")
                        .append(address.display())
                        .append('\n');
            }
        }
        return AdminResponse.text(200, page.toString());
    }

    private AdminResponse json() {
        List<ListenerView> views = listeners.get();
        return JsonPage.of(out -> {
            if (views.isEmpty()) {
                return;
            }
            out.name("listener_statuses");
            out.beginList();
            for (ListenerView view : views) {
                listener(view, out);
            }
            out.endList();
        });
    }

    private static void listener(ListenerView view, TreeWriter out) throws IOException {
        out.beginObject();
        JsonPage.member("name", view.name(), out);
        out.name("local_address");
        AddressJson.write(view.addresses().getFirst(), out);
        if (view.addresses().size() > 1) {
            out.name("additional_local_addresses");
            out.beginList();
            for (Address address : view.addresses().subList(1, view.addresses().size())) {
                AddressJson.write(address, out);
            }
            out.endList();
        }
        out.endObject();
    }
}
